import { type Guid, type Holdings, inForce, isServed, type License, type Sku } from "./entities";

/** A user's effective service plans: the union over all active sources. Equal sets share one array, which saves memory. */
export class PlanSets {
  readonly #skus: ReadonlyMap<Guid, Sku>;
  readonly #bySignature = new Map<string, readonly Guid[]>();
  readonly #byPlans = new Map<string, readonly Guid[]>();

  constructor(skus: ReadonlyMap<Guid, Sku>) {
    this.#skus = skus;
  }

  of(holdings: Holdings): readonly Guid[] {
    const held = [...holdings.assignments.filter(inForce), ...holdings.hidden];
    const inUse = held.filter(({ skuId }) => isServed(this.#skus.get(skuId)));
    const signature = inUse
      .map((license) => `${license.skuId}-${license.disabledPlans.join()}`)
      .sort()
      .join(";");
    let plans = this.#bySignature.get(signature);
    if (plans === undefined) this.#bySignature.set(signature, (plans = this.#intern(this.union(inUse))));
    return plans;
  }

  /** Enabled plans that apply to users. A user cannot lose plans that apply to the Company. */
  union(licenses: readonly License[]): Set<Guid> {
    const plans = new Set<Guid>();
    for (const license of licenses) {
      for (const plan of this.#skus.get(license.skuId)?.servicePlans ?? []) {
        if (plan.appliesTo === "User" && !license.disabledPlans.includes(plan.servicePlanId))
          plans.add(plan.servicePlanId);
      }
    }
    return plans;
  }

  /** Must be called after a SKU has changed. */
  forget(): void {
    this.#bySignature.clear();
  }

  #intern(plans: Set<Guid>): readonly Guid[] {
    const sorted = [...plans].sort();
    const key = sorted.join();
    const known = this.#byPlans.get(key);
    if (known) return known;
    this.#byPlans.set(key, sorted);
    return sorted;
  }
}
