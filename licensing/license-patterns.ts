import type { Catalog } from "./catalog/catalog";
import type { Guid, License } from "./model";
import { usersShown } from "./people";

/**
 * Direct assignments with the same SKU and disabled plans. Holds ids, never names, because it is stored in the
 * state and in saved plans.
 */
export interface ShownPattern {
  readonly count: number;
  readonly users: string;
}

/**
 * Patterns listed one by one. The limit keeps the state small in a tenant where each user has a different set of
 * plans.
 */
const SHOWN_PATTERNS = 12;

/**
 * Counts direct assignments by pattern, such as `ENTERPRISEPACK without YAMMER_ENTERPRISE`, with the first user
 * ids. `pulumi preview --diff` shows this for a wave. The most frequent patterns come first; the rest are summed
 * up.
 */
export function patternsShown(
  assignments: Iterable<{ readonly userId: Guid; readonly license: License }>,
  catalog: Catalog,
): Readonly<Record<string, ShownPattern>> {
  const users = new Map<string, Guid[]>();
  for (const { userId, license } of assignments) {
    const words = formatLicenses([{ ...license, disabledPlans: [...license.disabledPlans].sort() }], catalog);
    const alike = users.get(words) ?? [];
    users.set(words, alike);
    alike.push(userId);
  }
  const patterns = [...users].sort(([a, m], [b, n]) => n.length - m.length || a.localeCompare(b));
  const rest = patterns.slice(SHOWN_PATTERNS);
  const shown = patterns
    .slice(0, SHOWN_PATTERNS)
    .map(([words, ids]): [string, ShownPattern] => [words, { count: ids.length, users: usersShown(ids) }]);
  const others = rest.flatMap(([, ids]) => ids);
  return Object.fromEntries([
    ...shown,
    ...(others.length === 0
      ? []
      : [[`${rest.length} other patterns`, { count: others.length, users: usersShown(others) }] as const]),
  ]);
}

/** `EMS, ENTERPRISEPACK without YAMMER_ENTERPRISE`. */
export function formatLicenses(licenses: readonly License[], catalog: Catalog): string {
  return licenses
    .map(({ skuId, disabledPlans }) => {
      const off = disabledPlans.map((id) => catalog.planName(id)).join(", ");
      return off === "" ? catalog.skuName(skuId) : `${catalog.skuName(skuId)} without ${off}`;
    })
    .join(", ");
}
