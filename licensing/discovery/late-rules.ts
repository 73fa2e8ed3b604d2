import type { Guid } from "../model";
import type { Bundle } from "./add-ons";
import { isOtherwise } from "./alternatives";
import type { Amiss, Members } from "./outcome";
import { patternKey } from "./patterns";
import type { Proposal } from "./proposal";

/** A rule that is not proposed: Entra evaluates it only after `up` has added its users to other groups. */
export interface LateRule {
  /** The licences that it was proposed for, by `patternKey`. */
  readonly licenses: ReadonlySet<string>;
  /** Those of them that its users would get from another group. */
  readonly skuIds: ReadonlySet<Guid>;
}

/**
 * Rules by which users would first join a group that gives them more, or the group of a base, which theirs gives as well.
 *
 * @param proposals with the users that join them
 */
export function lateRules(
  proposals: readonly Proposal[],
  amiss: ReadonlyMap<Guid, Amiss>,
  members: Members,
): readonly LateRule[] {
  return proposals.flatMap((proposal): LateRule[] => {
    if (proposal.from.kind !== "rule") return [];
    const taken = members(proposal);
    const joinMore = [...amiss].some(
      ([userId, { groups }]) =>
        taken.has(userId) &&
        groups.some((each) => each.from.kind === "direct-holders" && isOtherwise(each.licenses, proposal.licenses)),
    );
    const own = proposal.licenses.map(({ skuId }) => skuId);
    const ofBase = proposals
      .filter(({ from, holders }) => from.kind === "direct-holders" && holders.some((userId) => taken.has(userId)))
      .map(({ licenses }) => licenses.map(({ skuId }) => skuId))
      .filter((skuIds) => skuIds.every((id) => own.includes(id)));
    const skuIds = joinMore ? own : ofBase.flat();
    return skuIds.length === 0
      ? []
      : [{ licenses: new Set(proposal.licenses.map(patternKey)), skuIds: new Set(skuIds) }];
  });
}

/** True if the rule would be late for this bundle. */
export function isLate({ licenses }: Bundle, late: readonly LateRule[]): boolean {
  return late.some(
    (rule) =>
      licenses.every((license) => rule.licenses.has(patternKey(license))) &&
      licenses.some(({ skuId }) => rule.skuIds.has(skuId)),
  );
}
