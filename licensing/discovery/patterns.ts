import type { Catalog } from "../catalog/catalog";
import { isDirectInForce } from "../effective-plans";
import type { Guid, License, Sku } from "../model";
import type { DiscoveredUser } from "./tenant-today";

/** Users that directly hold a SKU with exactly these disabled plans. */
export interface Pattern {
  readonly license: License;
  /** User ids, sorted. */
  readonly holders: readonly Guid[];
}

/**
 * Direct assignments in force by SKU and disabled plans, the most frequent first. Retired plans are left out. SKUs
 * that a stack file cannot name (unlisted, or for the company) are findings, not patterns.
 */
export function patternsOf(users: Iterable<DiscoveredUser>, catalog: Catalog): readonly Pattern[] {
  const skus = new Map(catalog.skus.filter(({ appliesTo }) => appliesTo === "User").map((sku) => [sku.id, sku]));
  const patterns = new Map<string, { readonly license: License; readonly holders: Guid[] }>();
  for (const user of users) {
    for (const entry of user.assignments) {
      const sku = skus.get(entry.skuId);
      if (!isDirectInForce(entry) || sku === undefined) continue;
      const license = listed(entry, sku);
      const key = patternKey(license);
      const pattern = patterns.get(key) ?? { license, holders: [] };
      patterns.set(key, pattern);
      pattern.holders.push(user.id);
    }
  }
  for (const { holders } of patterns.values()) holders.sort();
  return [...patterns.values()].sort((a, b) => b.holders.length - a.holders.length || order(a.license, b.license));
}

/** The licence with only the disabled plans that the SKU still has, in the SKU's order. */
export function listed({ skuId, disabledPlans }: License, { servicePlans }: Sku): License {
  if (disabledPlans.length === 0) return { skuId, disabledPlans };
  return { skuId, disabledPlans: servicePlans.map(({ id }) => id).filter((id) => disabledPlans.includes(id)) };
}

export function order(a: License, b: License): number {
  const [first, second] = [patternKey(a), patternKey(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

/** A key that is equal for the same SKU and disabled plans in any order. */
export function patternKey({ skuId, disabledPlans }: License): string {
  return [skuId, ...[...disabledPlans].sort()].join(" ");
}
