import type { Catalog } from "./catalog/catalog";
import type { Guid, License } from "./model";
import { usersShown } from "./people";

/** Direct assignments that look alike. Ids alone, never names: this stands in the state and in saved plans. */
export interface ShownPattern {
  readonly count: number;
  readonly users: string;
}

/** Patterns that are shown one by one: everybody's own choice of plans must not make the state grow with the users. */
const SHOWN_PATTERNS = 12;

/**
 * Direct assignments by SKU and disabled plans, such as `ENTERPRISEPACK without YAMMER_ENTERPRISE`: how many, and whom first.
 * What `pulumi preview --diff` shows of a wave. Of many patterns the most frequent; the others are counted.
 */
export function patternsShown(
  assignments: Iterable<{ readonly userId: Guid; readonly license: License }>,
  catalog: Catalog,
): Readonly<Record<string, ShownPattern>> {
  const users = new Map<string, Guid[]>();
  for (const { userId, license } of assignments) {
    const words = licenseWords([{ ...license, disabledPlans: [...license.disabledPlans].sort() }], catalog);
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
export function licenseWords(licenses: readonly License[], catalog: Catalog): string {
  return licenses
    .map(({ skuId, disabledPlans }) => {
      const off = disabledPlans.map((id) => catalog.planName(id)).join(", ");
      return off === "" ? catalog.skuName(skuId) : `${catalog.skuName(skuId)} without ${off}`;
    })
    .join(", ");
}
