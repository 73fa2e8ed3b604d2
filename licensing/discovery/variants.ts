import type { Catalog } from "../catalog/catalog";
import type { Guid } from "../model";
import { keyOf, type Bundle } from "./add-ons";
import { grouped } from "../grouped";
import { excludedBy, gained, isSmall } from "./small-gain";
import type { DiscoveredUser } from "./tenant-today";

/** A bundle with the variants that its group also takes. Its holders include theirs. */
export interface WantedBundle extends Bundle {
  readonly variants: readonly Bundle[];
}

/**
 * Entra gives a member all SKUs of a group or none, so with more SKUs one missing seat holds back more licences.
 */
const MOST_TOGETHER = 5;

/**
 * Adds variants without one or two apps to a wider bundle with at least as many holders. So only the smaller number
 * of users gains a plan.
 *
 * @param bundles sorted by number of holders, largest first
 */
export function merged(
  bundles: readonly WantedBundle[],
  users: ReadonlyMap<Guid, DiscoveredUser>,
  catalog: Catalog,
): readonly WantedBundle[] {
  const kept: { readonly bundle: WantedBundle; readonly variants: Bundle[] }[] = [];
  for (const bundle of bundles) {
    const wide = kept.find((each) => takes(each.bundle, bundle, users, catalog));
    if (wide === undefined) kept.push({ bundle, variants: [] });
    else wide.variants.push(bundle);
  }
  return kept.map(({ bundle, variants }) => ({
    ...bundle,
    holders:
      variants.length === 0
        ? bundle.holders
        : [...bundle.holders, ...variants.flatMap(({ holders }) => holders)].sort(),
    variants,
  }));
}

function takes(wide: Bundle, narrow: Bundle, users: ReadonlyMap<Guid, DiscoveredUser>, catalog: Catalog): boolean {
  if (wide.lacksPrerequisite || narrow.lacksPrerequisite || wide.licenses.length !== narrow.licenses.length)
    return false;
  const isWider = narrow.licenses.every(({ skuId, disabledPlans }) =>
    wide.licenses.some(
      (each) => each.skuId === skuId && each.disabledPlans.every((plan) => disabledPlans.includes(plan)),
    ),
  );
  if (!isWider) return false;
  const plans = gained(wide.licenses, narrow.licenses, catalog);
  if (plans.length === 0 || !isSmall(plans, catalog)) return false;
  return narrow.holders.every((id) => excludedBy(plans, users.get(id)?.assignments ?? [], catalog) === null);
}

/** Puts bundles with the same holders into one group. */
export function together(bundles: readonly WantedBundle[]): readonly WantedBundle[] {
  const open = bundles.filter(({ lacksPrerequisite, variants }) => !lacksPrerequisite && variants.length === 0);
  const alike = [...grouped(open, ({ holders }) => holders.join(" ")).values()];
  const joined = alike.flatMap((same) => filled(same));
  return [...bundles.filter((each) => !open.includes(each)), ...joined];
}

/** Fills each group up to the limit, with each SKU once. */
function filled(same: readonly WantedBundle[]): readonly WantedBundle[] {
  const groups: WantedBundle[] = [];
  for (const bundle of same) {
    const at = groups.findIndex(({ licenses }) => fits(licenses, bundle.licenses));
    const group = groups[at];
    if (group === undefined) groups.push(bundle);
    else {
      groups[at] = {
        ...group,
        licenses: [...new Map([...group.licenses, ...bundle.licenses].map((each) => [each.skuId, each])).values()],
        leads: [...group.leads, ...bundle.leads],
      };
    }
  }
  return groups;
}

function fits(there: Bundle["licenses"], more: Bundle["licenses"]): boolean {
  const all = [...there, ...more];
  const skus = new Set(all.map(({ skuId }) => skuId));
  return (
    skus.size <= MOST_TOGETHER &&
    all.every((one) => all.every((other) => one.skuId !== other.skuId || keyOf([one]) === keyOf([other])))
  );
}
