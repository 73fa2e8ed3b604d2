import type { Catalog } from "../catalog/catalog";
import { superseding } from "../catalog/superseding-plans";
import { patternKey } from "./patterns";
import type { Guid, License } from "../model";

/** A SKU of a user that other SKUs of the same user fully include. */
export interface Spare {
  readonly skuId: Guid;
  /** One SKU that includes it, or several that do so only together. */
  readonly inSkuIds: readonly Guid[];
}

/**
 * Finds the direct licences of a user that take a seat for nothing: each of their plans, or a superseding one, is on in
 * other licences of the user. Cached, because a tenant has few distinct sets of licences.
 */
export function spareFinder(
  catalog: Catalog,
): (direct: readonly License[], all: readonly License[]) => readonly Spare[] {
  const known = new Map<string, readonly Spare[]>();
  return (direct, all) => {
    const key = [direct, all].map((each) => each.map(patternKey).sort().join("|")).join(" of ");
    const found = known.get(key) ?? spare(direct, all);
    known.set(key, found);
    return found;
  };

  function spare(direct: readonly License[], all: readonly License[]): readonly Spare[] {
    const found: Spare[] = [];
    // What is spare only by several licences together counts for no other one: both can't go.
    const together = new Set<Guid>();
    for (const inner of direct) {
      const plans = [...catalog.enabledPlans(inner)];
      if (plans.length === 0) continue;
      const others = all.filter(({ skuId }) => skuId !== inner.skuId && !together.has(skuId));
      const single = others.filter((other) => plans.every((plan) => gives(other, plan)));
      if (single.length > 0) {
        for (const { skuId } of single) found.push({ skuId: inner.skuId, inSkuIds: [skuId] });
        continue;
      }
      const inSkuIds = inclusion(plans, others);
      if (inSkuIds === null) continue;
      together.add(inner.skuId);
      found.push({ skuId: inner.skuId, inSkuIds });
    }
    return found;
  }

  /** A few licences that give all of the plans together; `null`: there are none. */
  function inclusion(plans: readonly Guid[], others: readonly License[]): readonly Guid[] | null {
    const chosen: Guid[] = [];
    let left = plans;
    for (const other of others) {
      const still = left.filter((plan) => !gives(other, plan));
      if (still.length < left.length) chosen.push(other.skuId);
      left = still;
    }
    return left.length === 0 ? chosen : null;
  }

  function gives(license: License, plan: Guid): boolean {
    const on = catalog.enabledPlans(license);
    if (on.has(plan)) return true;
    const better = superseding(catalog.planName(plan))?.by ?? [];
    return better.length > 0 && [...on].some((id) => better.includes(catalog.planName(id)));
  }
}
