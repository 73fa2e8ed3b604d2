import type { Catalog } from "../catalog";
import type { Guid, License, Sku } from "../model";
import { PREREQUISITES } from "../preflight/plan-relations";
import { groupedBy, isDirect, listed, order, patternKey, type Pattern } from "./patterns";
import type { DiscoveredUser } from "./tenant-today";

/** What one licensing group shall give, and who holds all of it directly. */
export interface Bundle {
  /** One licence; of an add-on, the add-on first and then what it needs. */
  readonly licenses: readonly License[];
  readonly holders: readonly Guid[];
  /** An add-on whose holders have its prerequisite from somewhere else. */
  readonly lacksPrerequisite: boolean;
}

/** What a licence has on that works only beside something else, which it does not have itself. */
type Lacking = readonly string[];

/**
 * One SKU a bundle, but for an add-on, which goes with the very licences that its holders have beside it: Entra gives a member an add-on only
 * from a group that gives the prerequisite too. Graph does not tell which SKUs are add-ons; which plans need which others, Microsoft's
 * documents do, and whatever SKU has such a plan is one.
 */
export function bundlesOf(
  patterns: readonly Pattern[],
  users: ReadonlyMap<Guid, DiscoveredUser>,
  catalog: Catalog,
): readonly Bundle[] {
  const skus = new Map(catalog.skus.map((sku) => [sku.id, sku]));
  const licenses = new Map(patterns.map(({ license }) => [patternKey(license), license]));
  return patterns.flatMap(({ license, holders }): Bundle[] => {
    if (lackingIn([license], skus).length === 0) return [{ licenses: [license], holders, lacksPrerequisite: false }];
    const together = new Map<string, readonly License[]>();
    const beside = groupedBy(holders, (id) => {
      const own = users.get(id)?.assignments.filter(isDirect) ?? [];
      const all = withPrerequisites(license, own, skus, licenses);
      const key = all.map(patternKey).join("|");
      together.set(key, all);
      return key;
    });
    return [...beside].map(([key, ids]): Bundle => {
      const all = together.get(key) ?? [license];
      const lacksPrerequisite = lackingIn(all, skus).length > 0;
      return { licenses: lacksPrerequisite ? [license] : all, holders: ids, lacksPrerequisite };
    });
  });
}

/** With what it needs of the user's own licences, and what that needs: a calling plan needs a phone, which needs Teams. */
function withPrerequisites(
  license: License,
  own: readonly License[],
  skus: ReadonlyMap<Guid, Sku>,
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

/** What only the product terms ask for needs no group of its own. */
const ENFORCED = PREREQUISITES.filter(({ isEnforced }) => isEnforced);

/** For each plan that works only beside others: those others, where none of them is on. */
function lackingIn(licenses: readonly License[], skus: ReadonlyMap<Guid, Sku>): readonly Lacking[] {
  const on = new Set(licenses.flatMap((license) => [...plansOn(license, skus)]));
  return ENFORCED.filter(({ plan, needsOneOf }) => on.has(plan) && !needsOneOf.some((each) => on.has(each))).map(
    ({ needsOneOf }) => needsOneOf,
  );
}

function plansOn({ skuId, disabledPlans }: License, skus: ReadonlyMap<Guid, Sku>): ReadonlySet<string> {
  const plans = skus.get(skuId)?.servicePlans ?? [];
  return new Set(plans.filter(({ id }) => !disabledPlans.includes(id)).map(({ name }) => name));
}
