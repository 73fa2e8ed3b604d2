import type { Catalog } from "../catalog";
import type { Guid, License, Sku } from "../model";
import { groupedBy, isDirect, listed, order, patternKey, type Pattern } from "./patterns";
import type { DiscoveredUser } from "./tenant-today";

/** What one licensing group shall give, and who holds all of it directly. */
export interface Bundle {
  /** One licence; of an add-on, the add-on first and then its prerequisite. */
  readonly licenses: readonly License[];
  readonly holders: readonly Guid[];
  /** An add-on whose holders have its prerequisite from somewhere else. */
  readonly lacksPrerequisite: boolean;
}

/**
 * Add-ons by skuPartNumber, each with service plans of which a user needs one beside it. Entra gives a member an add-on only from a
 * group that gives the prerequisite too: https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems
 * Graph does not tell which SKUs are add-ons, so these are the common ones.
 */
const PREREQUISITES: Readonly<Record<string, readonly string[]>> = {
  MCOEV: ["MCOSTANDARD"],
  MCOMEETADV: ["MCOSTANDARD"],
  MCOPSTN1: ["MCOEV"],
  MCOPSTN2: ["MCOEV"],
};

/** One SKU a bundle, but for an add-on, which goes with the very licence that its holders have beside it. */
export function bundlesOf(
  patterns: readonly Pattern[],
  users: ReadonlyMap<Guid, DiscoveredUser>,
  catalog: Catalog,
): readonly Bundle[] {
  const skus = new Map(catalog.skus.map((sku) => [sku.id, sku]));
  const licenses = new Map(patterns.map(({ license }) => [patternKey(license), license]));
  return patterns.flatMap(({ license, holders }): Bundle[] => {
    const needed = PREREQUISITES[skus.get(license.skuId)?.partNumber ?? ""];
    if (needed === undefined) return [{ licenses: [license], holders, lacksPrerequisite: false }];
    const beside = groupedBy(holders, (id) => {
      const own = users.get(id)?.assignments.filter(isDirect) ?? [];
      const [first] = own
        .filter((entry) => entry.skuId !== license.skuId && gives(entry, needed, skus.get(entry.skuId)))
        .sort(order);
      const sku = first === undefined ? undefined : skus.get(first.skuId);
      return first === undefined || sku === undefined ? "" : patternKey(listed(first, sku));
    });
    return [...beside].map(([key, ids]): Bundle => {
      const prerequisite = licenses.get(key);
      return prerequisite === undefined
        ? { licenses: [license], holders: ids, lacksPrerequisite: true }
        : { licenses: [license, prerequisite], holders: ids, lacksPrerequisite: false };
    });
  });
}

function gives(license: License, planNames: readonly string[], sku: Sku | undefined): boolean {
  return (sku?.servicePlans ?? []).some(
    (plan) => planNames.includes(plan.name) && !license.disabledPlans.includes(plan.id),
  );
}
