import type { Guid, License, ServicePlan, Sku } from "./model";
import { didYouMean } from "./nearest";
import { PRODUCT_NAMES } from "./product-names";
import type { LicenseSpec } from "./stack-file";

/** What a word of the stack file stands for, or why it stands for nothing. */
export type Lookup<T> = { readonly found: T } | { readonly problem: string };

/** The SKUs of the tenant: finds them by any name and knows which of their plans are a user's to lose. */
export class Catalog {
  readonly #byId: ReadonlyMap<Guid, Sku>;
  readonly #userPlans: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  readonly #planNames: ReadonlyMap<Guid, string>;
  /** By licence: people hold few different ones, and each is asked for again and again. */
  readonly #enabled = new Map<string, ReadonlySet<Guid>>();

  constructor(readonly skus: readonly Sku[]) {
    this.#byId = new Map(skus.map((sku) => [sku.id, sku]));
    this.#userPlans = new Map(skus.map((sku) => [sku.id, userPlans(sku)]));
    this.#planNames = new Map(skus.flatMap((sku) => sku.servicePlans.map((plan) => [plan.id, plan.name])));
  }

  has(skuId: Guid): boolean {
    return this.#byId.has(skuId);
  }

  /** The skuPartNumber, or the id itself of a SKU the tenant does not list. */
  skuName(skuId: Guid): string {
    return this.#byId.get(skuId)?.partNumber ?? skuId;
  }

  planName(planId: Guid): string {
    return this.#planNames.get(planId) ?? planId;
  }

  /** The plans of a licence that are on and apply to users. Empty for a SKU the tenant does not list. */
  enabledPlans(license: License): ReadonlySet<Guid> {
    const { skuId, disabledPlans } = license;
    const key = disabledPlans.length === 0 ? skuId : `${skuId} ${disabledPlans.join(" ")}`;
    const known = this.#enabled.get(key);
    if (known !== undefined) return known;
    const plans = new Set(this.#userPlans.get(skuId));
    for (const disabled of disabledPlans) plans.delete(disabled);
    this.#enabled.set(key, plans);
    return plans;
  }

  /** Finds the SKU that somebody means by its skuPartNumber, skuId or product name. */
  findSku(word: string): Lookup<Sku> {
    const wanted = word.toLowerCase();
    const found = this.skus.find((sku) => namesOf(sku).some((name) => name.toLowerCase() === wanted));
    if (found !== undefined) return { found };
    const known = this.skus.flatMap((sku) => namesOf(sku).slice(1));
    return { problem: `the tenant has no SKU "${word}".${didYouMean(word, known)}` };
  }

  /** A licence of the stack file with its ids, or every problem that stands in the way. */
  resolve(spec: LicenseSpec): Lookup<License> {
    const lookup = this.findSku(spec.sku);
    if ("problem" in lookup) return lookup;
    const sku = lookup.found;
    if (sku.appliesTo !== "User") return { problem: `${sku.partNumber} is a SKU for the company, not for users` };
    const plans = spec.disabledPlans.map((word) => findPlan(sku, word));
    const problems = plans.flatMap((plan) => ("problem" in plan ? [plan.problem] : []));
    if (problems.length > 0) return { problem: problems.join("; ") };
    const ids = plans.flatMap((plan) => ("found" in plan ? [plan.found.id] : []));
    return { found: { skuId: sku.id, disabledPlans: [...new Set(ids)].sort() } };
  }
}

/** Id first, then the names that a person types. */
function namesOf(sku: Sku): readonly string[] {
  const product = PRODUCT_NAMES[sku.partNumber];
  return product === undefined ? [sku.id, sku.partNumber] : [sku.id, sku.partNumber, product];
}

function userPlans(sku: Sku): ReadonlySet<Guid> {
  return new Set(sku.servicePlans.filter((plan) => plan.appliesTo === "User").map((plan) => plan.id));
}

function findPlan(sku: Sku, word: string): Lookup<ServicePlan> {
  const wanted = word.toLowerCase();
  const found = sku.servicePlans.find((plan) => plan.id === wanted || plan.name.toLowerCase() === wanted);
  if (found !== undefined) return { found };
  const known = sku.servicePlans.map((plan) => plan.name);
  return { problem: `${sku.partNumber} has no service plan "${word}".${didYouMean(word, known)}` };
}
