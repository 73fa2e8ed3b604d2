import type { Catalog } from "../catalog/catalog";
import type { Guid, License, Sku } from "../model";
import { PREREQUISITES } from "../preflight/plan-relations";
import { productName } from "../catalog/product-names";
import { grouped } from "../grouped";
import { listed, order, patternKey, type Pattern } from "./patterns";
import type { DiscoveredUser } from "./tenant-today";
import { isDirectInForce } from "../effective-plans";

/** Licences for one licensing group, and the users that hold all of them directly. */
export interface Bundle {
  /** For add-ons: the add-ons first, then their prerequisites. */
  readonly licenses: readonly License[];
  readonly holders: readonly Guid[];
  /** The SKUs that the group is proposed for: the add-ons, or all. */
  readonly leads: readonly Guid[];
  /** True for an add-on with a prerequisite that its holders get from another source. */
  readonly lacksPrerequisite: boolean;
}

/** For one enabled plan: the prerequisites of which the licence has none. */
type Lacking = readonly string[];

type Skus = ReadonlyMap<Guid, Sku>;

/**
 * One SKU a bundle. Add-ons are bundled with the prerequisites that their holders have, because Entra gives an
 * add-on only from a group with both. Graph does not mark add-ons; a SKU is one if it has a plan with a documented
 * prerequisite.
 */
export function bundlesOf(
  patterns: readonly Pattern[],
  users: ReadonlyMap<Guid, DiscoveredUser>,
  catalog: Catalog,
): readonly Bundle[] {
  const skus = new Map(catalog.skus.map((sku) => [sku.id, sku]));
  const licenses = new Map(patterns.map(({ license }) => [patternKey(license), license]));
  const alone: Bundle[] = [];
  const closures: Closure[] = [];
  for (const { license, holders } of patterns) {
    const leads = [license.skuId];
    if (lackingIn([license], skus).length === 0) {
      alone.push({ licenses: [license], holders, leads, lacksPrerequisite: false });
      continue;
    }
    for (const id of holders) {
      const own = users.get(id)?.assignments.filter(isDirectInForce) ?? [];
      closures.push({ userId: id, addOns: [license], licenses: withPrerequisites(license, own, skus, licenses) });
    }
  }
  const isWhole = ({ licenses: all }: Closure) => lackingIn(all, skus).length === 0;
  const lacking = bundled(
    closures.filter((each) => !isWhole(each)).map((each) => ({ ...each, licenses: each.addOns })),
    true,
  );
  const isAddOn = (license: License) => lackingIn([license], skus).length > 0;
  const withBase = [
    ...grouped(closures.filter(isWhole), ({ licenses: all }) => baseKey(all, isAddOn)).values(),
  ].flatMap((alike) => bundled(fewest(alike), false));
  return [...alone.flatMap((each) => uncoveredBy(withBase, each)), ...lacking, ...withBase];
}

/** True if the name suggests an add-on with unknown prerequisites. Entra may refuse it alone. */
export function isUnknownAddOn(sku: Sku): boolean {
  const names = [sku.partNumber, productName(sku) ?? ""];
  const known = sku.servicePlans.some(({ name }) => PREREQUISITES.some(({ plan }) => plan === name));
  return !known && names.some((name) => /add[-_ ]?(on|in)(\b|_|$)|_addon|attach(\b|_|$)/i.test(name));
}

/** One user's add-ons with their prerequisites. */
interface Closure {
  readonly userId: Guid;
  readonly addOns: readonly License[];
  readonly licenses: readonly License[];
}

function baseKey(licenses: readonly License[], isAddOn: (license: License) => boolean): string {
  return licenses
    .filter((license) => !isAddOn(license))
    .map(patternKey)
    .sort()
    .join("|");
}

/** Puts all add-ons of a user into one group, unless that needs more groups than one for each add-on. */
function fewest(each: readonly Closure[]): readonly Closure[] {
  const together = [...grouped(each, ({ userId }) => userId)].map(([userId, own]): Closure => ({
    userId,
    addOns: distinct(own.flatMap(({ addOns }) => addOns)),
    licenses: distinct([...own.flatMap(({ addOns }) => addOns), ...own.flatMap(({ licenses }) => licenses)]),
  }));
  // Bundles with the same holders become one group later, so count them once.
  const groups = (closures: readonly Closure[]) =>
    new Set(bundled(closures, false).map(({ holders }) => holders.join(" "))).size;
  return groups(together) <= groups(each) ? together : each;
}

function bundled(closures: readonly Closure[], lacksPrerequisite: boolean): readonly Bundle[] {
  return [...grouped(closures, ({ licenses }) => keyOf(licenses)).values()].flatMap((alike): Bundle[] => {
    const [first] = alike;
    if (first === undefined) return [];
    const leads = first.addOns.map(({ skuId }) => skuId);
    const holders = alike.map(({ userId }) => userId).sort();
    return [{ licenses: first.licenses, holders, leads, lacksPrerequisite }];
  });
}

/** Drops a base licence if all of its holders get it together with an add-on. */
function uncoveredBy(withBase: readonly Bundle[], bundle: Bundle): readonly Bundle[] {
  const [own] = bundle.licenses;
  if (own === undefined) return [];
  const key = patternKey(own);
  const has = new Set(
    withBase
      .filter(({ licenses }) => licenses.some((each) => patternKey(each) === key))
      .flatMap(({ holders }) => holders),
  );
  return bundle.holders.every((id) => has.has(id)) ? [] : [bundle];
}

function distinct(licenses: readonly License[]): readonly License[] {
  return [...new Map(licenses.map((license) => [patternKey(license), license])).values()];
}

/** A key that is equal for the same licences in any order. */
export function keyOf(licenses: readonly License[]): string {
  return licenses.map(patternKey).sort().join("|");
}

/**
 * Adds the user's own licences that the licence needs, recursively: a calling plan needs Teams Phone, which needs
 * Teams.
 */
function withPrerequisites(
  license: License,
  own: readonly License[],
  skus: Skus,
  known: ReadonlyMap<string, License>,
): readonly License[] {
  const all = [license];
  for (let [lacking] = lackingIn(all, skus); lacking !== undefined; [lacking] = lackingIn(all, skus)) {
    const needed = lacking;
    const next = own
      .filter((entry) => all.every(({ skuId }) => skuId !== entry.skuId))
      .filter((entry) => [...plansOn(entry, skus)].some((plan) => needed.includes(plan)))
      .sort(order)
      .flatMap((entry) => {
        const sku = skus.get(entry.skuId);
        return (sku && known.get(patternKey(listed(entry, sku)))) ?? [];
      })[0];
    if (next === undefined) break;
    all.push(next);
  }
  return all;
}

/** Prerequisites in product terms alone do not need a common group. */
const ENFORCED = PREREQUISITES.filter(({ basis }) => basis === "enforced");

/** For each plan without a prerequisite enabled: the possible prerequisites. */
function lackingIn(licenses: readonly License[], skus: Skus): readonly Lacking[] {
  const on = new Set(licenses.flatMap((license) => [...plansOn(license, skus)]));
  return ENFORCED.filter(({ plan, needsOneOf }) => on.has(plan) && !needsOneOf.some((each) => on.has(each))).map(
    ({ needsOneOf }) => needsOneOf,
  );
}

function plansOn({ skuId, disabledPlans }: License, skus: Skus): ReadonlySet<string> {
  const plans = skus.get(skuId)?.servicePlans ?? [];
  return new Set(plans.filter(({ id }) => !disabledPlans.includes(id)).map(({ name }) => name));
}
