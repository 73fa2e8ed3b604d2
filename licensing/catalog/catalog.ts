import type { Guid, License, Sku } from "../model";
import { didYouMean } from "../nearest";
import { productName, productNames } from "./product-names";
import { publishedPlan, publishedSku, type PublishedName } from "./published-names";
import { NO_NAMES, type RecordedNames } from "./recorded-names";
import {
  ambiguous,
  ambiguousPlan,
  goneSku,
  renamedPlan,
  renamedSku,
  retiredPlan,
  withoutTenant,
  type NameNote,
} from "./name-words";
import { standingOf, statusWords, type Standing } from "./subscription";

export interface LicenseSpec {
  /** skuPartNumber, skuId or product name. */
  readonly sku: string;
  /** Service plan names or ids. */
  readonly disabledPlans: readonly string[];
}

/** What a word of the stack file stands for, or why it stands for nothing. */
export type Lookup<T> = { readonly found: T } | { readonly problem: string };

/** A licence of the stack file with its ids. */
export interface ResolvedLicense {
  readonly found: License;
  /** The tenant lists the SKU no longer. */
  readonly isGone: boolean;
  /** Names that no longer fit and were read by the id on record, each with the line to change. */
  readonly notes: readonly NameNote[];
  /** The ids behind the names, to be recorded. */
  readonly names: RecordedNames;
}

/** The SKUs of the tenant: finds them by any name and knows which of their plans are a user's to lose. */
export class Catalog {
  readonly #byId: ReadonlyMap<Guid, Sku>;
  readonly #userPlans: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  readonly #skuNames: ReadonlyMap<Guid, string>;
  /** All plans of each SKU, those of the company too. */
  readonly #plans: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  readonly #planNames: ReadonlyMap<Guid, string>;
  readonly #products = new Map<Guid, string>();
  /** By licence: people hold few different ones, and each is asked for again and again. */
  readonly #enabled = new Map<string, ReadonlySet<Guid>>();

  constructor(readonly skus: readonly Sku[]) {
    this.#byId = new Map(skus.map((sku) => [sku.id, sku]));
    this.#userPlans = new Map(skus.map((sku) => [sku.id, userPlans(sku)]));
    this.#plans = new Map(skus.map((sku) => [sku.id, new Set(sku.servicePlans.map(({ id }) => id))]));
    this.#skuNames = unmistakable(skus.map(({ id, partNumber }) => ({ id, name: partNumber })));
    this.#planNames = new Map(skus.flatMap((sku) => [...unmistakable(sku.servicePlans)]));
  }

  has(skuId: Guid): boolean {
    return this.#byId.has(skuId);
  }

  /** How the SKU's subscription stands; one that the tenant does not list has ended. */
  standing(skuId: Guid): Standing {
    return standingOf(this.#byId.get(skuId));
  }

  /** The status of the SKU's subscription, as people read it. */
  status(skuId: Guid): string {
    return statusWords(this.#byId.get(skuId));
  }

  /**
   * The licence with those disabled plans alone that the SKU has today. Microsoft retires plans, assignments go on naming them, and
   * Graph refuses a licence that does. The one place for it: what is sent, compared or recorded goes through here.
   */
  asOfToday<L extends License>(license: L): L {
    const plans = this.#plans.get(license.skuId);
    if (plans === undefined || license.disabledPlans.every((plan) => plans.has(plan))) return license;
    return { ...license, disabledPlans: license.disabledPlans.filter((plan) => plans.has(plan)) };
  }

  /** The skuPartNumber, with the id where two SKUs share it, or where only Microsoft's list knows the SKU; else the id alone. */
  skuName(skuId: Guid): string {
    return this.#skuNames.get(skuId) ?? listedName(publishedSku(skuId), skuId) ?? skuId;
  }

  /** The product's name in the admin center; the same as `skuName` where Microsoft's list has none. */
  product(skuId: Guid): string {
    const known = this.#products.get(skuId);
    if (known !== undefined) return known;
    const sku = this.#byId.get(skuId);
    const product = (sku && productName(sku)) ?? this.skuName(skuId);
    this.#products.set(skuId, product);
    return product;
  }

  /** The same for a service plan: one that Microsoft has retired is still in its list. */
  planName(planId: Guid): string {
    return this.#planNames.get(planId) ?? listedName(publishedPlan(planId), planId) ?? planId;
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

  /** A text of Graph with the name beside each id of a SKU or plan: `EXCHANGE_S_ENTERPRISE (efb87545-…)`. */
  withNames(text: string): string {
    return text.replace(new RegExp(GUID, "gi"), (id) => {
      const key = id.toLowerCase();
      const name = this.#skuNames.get(key) ?? this.#planNames.get(key);
      const listed = () => listedName([...publishedSku(key), ...publishedPlan(key)], id);
      return name === undefined ? (listed() ?? id) : withId(name, id);
    });
  }

  /** Finds a SKU by its skuPartNumber, skuId or product name. A name that two SKUs share is a problem. */
  findSku(word: string): Lookup<Sku> {
    const byId = idIn(word, this.#byId);
    if (byId !== undefined) return { found: byId };
    const wanted = word.toLowerCase();
    const isWanted = (name: string) => name.toLowerCase() === wanted;
    const byPart = this.skus.filter(({ partNumber }) => isWanted(partNumber));
    const [found, ...others] = byPart.length > 0 ? byPart : this.skus.filter((sku) => productNames(sku).some(isWanted));
    if (found === undefined) {
      const known = this.skus.flatMap((sku) => namesOf(sku));
      return { problem: `the tenant has no SKU "${word}".${this.#hintFor(word)}${didYouMean(word, known)}` };
    }
    return others.length === 0 ? { found } : { problem: ambiguous(word, [found, ...others]) };
  }

  /**
   * A licence of the stack file with its ids, or every problem that stands in the way.
   *
   * @param known what the names stood for on the last run: a SKU or plan that is renamed or gone since is a note, not a problem
   */
  resolve(spec: LicenseSpec, known: RecordedNames = NO_NAMES): ResolvedLicense | { readonly problem: string } {
    const key = spec.sku.toLowerCase();
    const lookup = this.findSku(spec.sku);
    const recorded = known.skus[key];
    if ("problem" in lookup && recorded === undefined) return lookup;
    const skuId = "found" in lookup ? lookup.found.id : (recorded ?? "");
    const sku = this.#byId.get(skuId);
    if (sku !== undefined && sku.appliesTo !== "User") {
      return { problem: `${this.skuName(skuId)} is a SKU for the company, not for users` };
    }
    const plans = spec.disabledPlans.map((word) => this.#findPlan(skuId, sku, word, known.plans[skuId]));
    const problems = plans.flatMap((plan) => ("problem" in plan ? [plan.problem] : []));
    if (problems.length > 0) return { problem: problems.join("; ") };
    const found = plans.filter((plan) => "id" in plan);
    const off = found.flatMap(({ id, isGone }) => (isGone ? [] : [id]));
    const named = Object.fromEntries(found.map(({ word, id }) => [word, id]));
    return {
      found: { skuId, disabledPlans: [...new Set(off)].sort() },
      isGone: sku === undefined,
      notes: [...this.#notesOn(spec.sku, "problem" in lookup, skuId), ...found.flatMap(({ note }) => note ?? [])],
      names: { skus: { [key]: skuId }, plans: found.length === 0 ? {} : { [skuId]: named } },
    };
  }

  #notesOn(word: string, isByRecord: boolean, skuId: Guid): readonly NameNote[] {
    if (!isByRecord) return [];
    return [this.has(skuId) ? renamedSku(word, this.skuName(skuId), skuId) : goneSku(word, skuId)];
  }

  #hintFor(word: string): string {
    const own = WITH_TENANT.exec(word)?.[1];
    const lookup = own === undefined ? null : this.findSku(own);
    return lookup === null || "problem" in lookup ? "" : withoutTenant(this.skuName(lookup.found.id), lookup.found.id);
  }

  #findPlan(
    skuId: Guid,
    sku: Sku | undefined,
    word: string,
    known: Readonly<Record<string, Guid>> = {},
  ): FoundPlan | { readonly problem: string } {
    const key = word.toLowerCase();
    const plans = sku?.servicePlans ?? [];
    const byId = idIn(word, new Map(plans.map((plan) => [plan.id, plan])));
    const [plan, ...others] = byId === undefined ? plans.filter(({ name }) => name.toLowerCase() === key) : [byId];
    const skuName = this.skuName(skuId);
    if (plan !== undefined && others.length > 0) return { problem: ambiguousPlan(word, [plan, ...others], skuName) };
    if (plan !== undefined) return { word: key, id: plan.id, isGone: false };
    const id = known[key];
    if (id === undefined) {
      const names = plans.map(({ name }) => name);
      return { problem: `${skuName} has no service plan "${word}".${didYouMean(word, names)}` };
    }
    // Of a SKU that is gone nothing is known about its plans: the licence on the group is still the one with these off.
    if (sku === undefined) return { word: key, id, isGone: false };
    return plans.some((each) => each.id === id)
      ? { word: key, id, isGone: false, note: renamedPlan(word, this.planName(id), id, skuName) }
      : { word: key, id, isGone: true, note: retiredPlan(word, id, skuName) };
  }
}

interface FoundPlan {
  /** In lower case. */
  readonly word: string;
  readonly id: Guid;
  /** The SKU has it no longer: there is nothing left to switch off. */
  readonly isGone: boolean;
  readonly note?: NameNote;
}

const GUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const IS_ID = new RegExp(`^(?:.+ \\()?(${GUID})\\)?$`, "i");
/** As the portal's address has it: the tenant's id, an underscore, the skuId. Older tools write `contoso:EMS`. */
const WITH_TENANT = new RegExp(`^(?:${GUID}_|[^:]+:)(.+)$`, "i");

/** The id in a word that is a bare id, or a name with the id behind it as this program shows it. */
export function idOf(word: string): Guid | undefined {
  return IS_ID.exec(word)?.[1]?.toLowerCase();
}

function idIn<T>(word: string, byId: ReadonlyMap<Guid, T>): T | undefined {
  const id = idOf(word);
  return id === undefined ? undefined : byId.get(id);
}

function withId(name: string, id: Guid): string {
  return name.includes(id) ? name : `${name} (${id})`;
}

/** The name alone where it is enough, else with the id. */
function unmistakable(all: readonly { readonly id: Guid; readonly name: string }[]): ReadonlyMap<Guid, string> {
  const count = new Map<string, number>();
  for (const { name } of all) count.set(name.toLowerCase(), (count.get(name.toLowerCase()) ?? 0) + 1);
  return new Map(all.map(({ id, name }) => [id, (count.get(name.toLowerCase()) ?? 0) > 1 ? withId(name, id) : name]));
}

/** Names that a person types. */
function namesOf(sku: Sku): readonly string[] {
  return [sku.partNumber, ...productNames(sku)];
}

/** By Microsoft's list, with the id: the tenant does not know the name. All of them where the list contradicts itself. */
function listedName(names: readonly PublishedName[], id: Guid): string | undefined {
  const all = [...new Set(names.map(({ name }) => name))];
  return all.length === 0 ? undefined : withId(all.join(" or "), id);
}

function userPlans(sku: Sku): ReadonlySet<Guid> {
  return new Set(sku.servicePlans.filter((plan) => plan.appliesTo === "User").map((plan) => plan.id));
}
