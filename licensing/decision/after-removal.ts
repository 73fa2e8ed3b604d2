import type { Catalog } from "../catalog/catalog";
import { lostPlans, missing, unionOfPlans } from "../effective-plans";
import type { Guid, License, LicensedUser } from "../model";
import { stayingPlans } from "./replacement";
import type { LicensingWorld } from "../snapshot";

/** What was taken from a user, and what it rested on. */
export interface RemovedLicenses {
  /** As read before the first write. */
  readonly before: LicensedUser;
  /** As the last proof saw the user: the same, unless a write had to be decided again. */
  readonly proven: LicensedUser;
  readonly skuIds: ReadonlySet<Guid>;
}

/** The user, their memberships and the groups as they are after the write. */
export interface AfterRemoval {
  readonly user: LicensedUser;
  readonly memberOf: ReadonlySet<Guid>;
  readonly groups: LicensingWorld["groups"];
  /** The SKUs as they are after the write. */
  readonly catalog: Catalog;
}

/** What is wrong after a removal. */
export type RemovalTrouble =
  /** The user has left a group that the proof rests on: Entra ends what it gives, some minutes from now. */
  | { readonly kind: "left-group"; readonly groupIds: readonly Guid[]; readonly planIds: readonly Guid[] }
  /** A group that the proof rests on gives less than it did: Entra ends it, some minutes from now. */
  | { readonly kind: "group-narrowed"; readonly groupIds: readonly Guid[]; readonly planIds: readonly Guid[] }
  /** The subscription that gives the plans has ended, or is about to: what users inherit goes on saying that it is active. */
  | { readonly kind: "subscription-ended"; readonly skuIds: readonly Guid[]; readonly planIds: readonly Guid[] }
  /** A plan does not work now. Graph may be behind. */
  | { readonly kind: "plans-missing"; readonly planIds: readonly Guid[] };

/** The direct licences that were removed, as they were: plans that the SKU no longer has are left out. */
export function removedLicenses({ before, skuIds }: RemovedLicenses, catalog: Catalog): readonly License[] {
  return before.assignments
    .filter((entry) => entry.assignedByGroup === null && skuIds.has(entry.skuId))
    .map(({ skuId, disabledPlans }) => catalog.asOfToday({ skuId, disabledPlans }));
}

/**
 * Runs the rule once more on what is so after the write: a group that was left or narrowed between the read and the write
 * takes its plans away only when Entra has processed it, so the user's own licences do not show it yet. Looks at the plans of
 * the removed licences alone: what else becomes of a user's licences in that second is not by this removal.
 */
export function troubleAfter(
  removed: RemovedLicenses,
  { user, memberOf, groups, catalog }: AfterRemoval,
  { declared, accepts }: Pick<LicensingWorld, "declared" | "accepts">,
): RemovalTrouble | null {
  // Of a subscription that has ended, the direct licence would give nothing either: to put it back helps nobody.
  const worth = removedLicenses(removed, catalog).filter(({ skuId }) => catalog.standing(skuId) !== "ended");
  const needed = unionOfPlans(worth, catalog);
  const giving = declared.filter(
    ({ groupId, licenses }) =>
      removed.proven.assignments.some((entry) => entry.assignedByGroup === groupId) &&
      [...unionOfPlans(licenses, catalog)].some((plan) => needed.has(plan)),
  );
  const settled = new Map([...groups].map(([id, group]) => [id, { ...group, processingState: "ProcessingComplete" }]));
  const world = { declared, catalog, groups: settled, ...(accepts === undefined ? {} : { accepts }) };
  const ending = (memberships: ReadonlySet<Guid>, however: "lasting" | "any" = "lasting"): readonly Guid[] => {
    const evidence = { user: removed.proven, memberOf: memberships, nestedIn: new Set<Guid>() };
    const plans = worth.flatMap((license) => {
      const standing = however === "any" ? "any" : catalog.standing(license.skuId);
      return missing(catalog.enabledPlans(license), stayingPlans(evidence, world, standing));
    });
    return [...new Set(plans)].sort();
  };
  const planIds = ending(memberOf);
  if (planIds.length > 0) {
    const groupIds = giving.map(({ groupId }) => groupId);
    // Would they stay if no subscription had ended, or if the user had left no group?
    if (ending(memberOf, "any").length < planIds.length) {
      const skuIds = giving.flatMap(({ licenses }) => licenses.map(({ skuId }) => skuId));
      return { kind: "subscription-ended", skuIds: skuIds.filter((id) => catalog.standing(id) !== "enabled"), planIds };
    }
    return ending(new Set(groupIds)).length < planIds.length
      ? { kind: "left-group", groupIds: groupIds.filter((id) => !memberOf.has(id)), planIds }
      : { kind: "group-narrowed", groupIds, planIds };
  }
  const lost = lostPlans(needed, removed.before, user, catalog);
  return lost.length === 0 ? null : { kind: "plans-missing", planIds: lost };
}
