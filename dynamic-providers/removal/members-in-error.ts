import type { DeclaredGroup } from "../../licensing/declaration";
import type { Guid } from "../../licensing/model";
import { MEMBERS_IN_ERROR } from "../../licensing/inheritance/reprocessing";
import { REPROCESS } from "../../licensing/decision/remedy";
import { counted } from "../../licensing/counts";

/** A few new members without a seat are normal. A larger rise since the plan means that something is failing now. */
const MORE_AT_MOST = 5;

/**
 * The reason not to begin a part of a wave: more members of a declared group have licence errors than in the plan, and
 * moved users would depend on that group. `null` if it may begin. Groups that could not be read are skipped: each user
 * is proven anyway.
 *
 * @param planned members in error in the plan, by group
 */
export function riseOfErrors(
  declared: readonly DeclaredGroup[],
  planned: Readonly<Record<Guid, number>>,
  inError: ReadonlyMap<Guid, ReadonlySet<Guid>>,
): string | null {
  for (const { groupId, displayName } of declared) {
    const before = planned[groupId] ?? 0;
    const now = inError.get(groupId)?.size ?? 0;
    // check: members in error must not rise
    if (now - before <= MORE_AT_MOST) continue;
    return (
      `${counted(now, "member")} of ${displayName} are in error, and the plan knew of ${before} (${MORE_AT_MOST} more are allowed): the ` +
      `group's licences have begun to fail. List these members and their errors (${MEMBERS_IN_ERROR}; seats, conflicts), mend the cause and ` +
      `${REPROCESS}; then run pulumi up again, which plans anew.`
    );
  }
  return null;
}
