import type { Catalog } from "../catalog/catalog";
import { lostPlans, unionOfPlans } from "../effective-plans";
import { isDirect, type Guid, type License, type LicensedUser } from "../model";
import { stayingPlans } from "./staying";
import type { LicensingWorld } from "../snapshot";

/** A user's removed licences and the reads behind the removal. */
export interface RemovedLicenses {
  /** The user as read before the first write. */
  readonly before: LicensedUser;
  /** The user as read for the last proof. Equals `before` unless a write had to be decided again. */
  readonly proven: LicensedUser;
  readonly skuIds: ReadonlySet<Guid>;
  /** Licences that the same call added directly. Default: none. */
  readonly added?: readonly License[];
}

/** The user, the memberships, the groups and the SKUs as read after the write. */
export interface AfterRemoval {
  readonly user: LicensedUser;
  readonly memberOf: ReadonlySet<Guid>;
  readonly groups: LicensingWorld["groups"];
  readonly catalog: Catalog;
}

/** A problem found after a removal. */
export type RemovalTrouble =
  /** The user left a group that the proof relied on; Entra will end its licence within minutes. */
  | { readonly kind: "left-group"; readonly groupIds: readonly Guid[]; readonly planIds: readonly Guid[] }
  /** A group that the proof relied on now gives less; Entra will apply that within minutes. */
  | { readonly kind: "group-narrowed"; readonly groupIds: readonly Guid[]; readonly planIds: readonly Guid[] }
  /**
   * The subscription behind the plans has ended or is about to. Inherited assignments keep saying `Active` then.
   */
  | { readonly kind: "subscription-ended"; readonly skuIds: readonly Guid[]; readonly planIds: readonly Guid[] }
  /** A plan does not work now. Graph may lag behind its own write. */
  | { readonly kind: "plans-missing"; readonly planIds: readonly Guid[] };

/** The removed direct licences with their disabled plans, without plans that the SKU no longer has. */
export function removedLicenses({ before, skuIds }: RemovedLicenses, catalog: Catalog): readonly License[] {
  // check: a licence is put back with its own disabled plans
  return before.assignments
    .filter((entry) => isDirect(entry) && skuIds.has(entry.skuId))
    .map(({ skuId, disabledPlans }) => catalog.asOfToday({ skuId, disabledPlans }));
}

/**
 * Applies the removal rule again after the write. A group that was left or narrowed between read and write takes
 * plans away only once Entra has processed it, so the user's licences do not show it yet. Checks only plans of the
 * removed licences: other changes are not caused by this removal.
 */
export function troubleAfter(
  removed: RemovedLicenses,
  { user, memberOf, groups, catalog }: AfterRemoval,
  { declared, accepts }: Pick<LicensingWorld, "declared" | "accepts">,
): RemovalTrouble | null {
  // A direct licence of an ended subscription would give nothing, so putting it back would not help.
  const worth = removedLicenses(removed, catalog).filter(({ skuId }) => catalog.standing(skuId) !== "ended");
  const needed = unionOfPlans(worth, catalog);
  const giving = declared.filter(
    ({ groupId, licenses }) =>
      removed.proven.assignments.some((entry) => entry.assignedByGroup === groupId) &&
      (licenses.some(({ skuId }) => !catalog.has(skuId)) ||
        [...needed].some((plan) => catalog.keptAs(plan, unionOfPlans(licenses, catalog)) !== null)),
  );
  // The direct licences that the call added stay as long as this program leaves them.
  const added = unionOfPlans(
    (removed.added ?? []).filter(({ skuId }) => catalog.standing(skuId) !== "ended"),
    catalog,
  );
  const settled = new Map([...groups].map(([id, group]) => [id, { ...group, processingState: "ProcessingComplete" }]));
  const world = { declared, catalog, groups: settled, ...(accepts === undefined ? {} : { accepts }) };
  const ending = (memberships: ReadonlySet<Guid>, however: "lasting" | "any" = "lasting"): readonly Guid[] => {
    const evidence = { user: removed.proven, memberOf: memberships, nestedIn: new Set<Guid>() };
    const plans = worth.flatMap((license) => {
      // check: an ended subscription is seen by the read back
      const standing = however === "any" ? "any" : catalog.standing(license.skuId);
      return catalog.uncovered(
        catalog.enabledPlans(license),
        new Set([...stayingPlans(evidence, world, standing), ...added]),
      );
    });
    return [...new Set(plans)].sort();
  };
  const planIds = ending(memberOf);
  // check: the rule is run once more after the write
  if (planIds.length > 0) {
    const groupIds = giving.map(({ groupId }) => groupId);
    // Find the cause: repeat the check as if no subscription had ended, then as if the user had left no group.
    if (ending(memberOf, "any").length < planIds.length) {
      const skuIds = giving.flatMap(({ licenses }) => licenses.map(({ skuId }) => skuId));
      return { kind: "subscription-ended", skuIds: skuIds.filter((id) => catalog.standing(id) !== "enabled"), planIds };
    }
    if (ending(new Set(groupIds)).length < planIds.length) {
      return { kind: "left-group", groupIds: groupIds.filter((id) => !memberOf.has(id)), planIds };
    }
    // The plans of a SKU that the tenant no longer lists are unknown, so no check above sees what it gave.
    const gone = giving.flatMap(({ licenses }) => licenses.map(({ skuId }) => skuId)).filter((id) => !catalog.has(id));
    return gone.length > 0
      ? { kind: "subscription-ended", skuIds: gone, planIds }
      : { kind: "group-narrowed", groupIds, planIds };
  }
  const lost = lostPlans(needed, removed.before, user, catalog);
  return lost.length === 0 ? null : { kind: "plans-missing", planIds: lost };
}
