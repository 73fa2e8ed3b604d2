import type { Catalog } from "../catalog/catalog";
import { inForce, workingPlans } from "../effective-plans";
import type { Guid, License, LicensedUser } from "../model";
import { isAccepted, type LosingGroup, type ResolvedLoss } from "./loss";

/** A member after a SKU went off the group. */
export type AfterTakeOff =
  /** The entry is gone, and every plan is there. */
  | { readonly kind: "kept" }
  /** Every plan is there by other licences, and Graph still shows the entry. */
  | { readonly kind: "still" }
  /** Without the entry, plans are missing: these licences gave them. */
  | { readonly kind: "lacks"; readonly licenses: readonly License[] }
  /** No longer a member, or deleted. */
  | { readonly kind: "left" };

/**
 * Judges a member by what it has apart from the entries that go, so that a loss is seen before Entra has made it.
 *
 * @param had the licences from this group that went off it
 */
export function afterTakeOff(
  user: LicensedUser,
  had: readonly License[],
  group: LosingGroup,
  accepted: readonly ResolvedLoss[],
  catalog: Catalog,
): AfterTakeOff {
  const skuIds = new Set<Guid>(had.map(({ skuId }) => skuId));
  const isGoing = (entry: LicensedUser["assignments"][number]) =>
    entry.assignedByGroup === group.groupId && skuIds.has(entry.skuId);
  const staying = { ...user, assignments: user.assignments.filter((entry) => !isGoing(entry)) };
  const there = workingPlans(staying, catalog);
  const licenses = had.filter((license) => {
    if (catalog.standing(license.skuId) === "ended") return false;
    const lost = catalog.uncovered(catalog.enabledPlans(license), there);
    return lost.some((planId) => !isAccepted({ skuId: license.skuId, planId }, group.name, accepted));
  });
  // check: a plan that a member lacks after a take-off is given back
  if (licenses.length > 0) return { kind: "lacks", licenses };
  return user.assignments.some((entry) => isGoing(entry) && inForce(entry)) ? { kind: "still" } : { kind: "kept" };
}
