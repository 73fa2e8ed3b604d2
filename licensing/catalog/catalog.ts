import { GUID_PATTERN, type Guid, type License, type Sku } from "../model";
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
import { successorsAmong, type NamedSuccessor, type Successor } from "./successors";
import { standingOf, formatStatus, type Standing } from "./subscription";

export interface LicenseSpec {
  /** skuPartNumber, skuId or product name. */
  readonly sku: string;
  /** Service plan names or ids. */
  readonly disabledPlans: readonly string[];
  /** SKUs with direct licences that this one replaces. Default: none. */
  readonly replaces?: readonly string[];
}

/** The item that a name in the stack file refers to, or why there is none. */
export type Lookup<T> = { readonly found: T } | { readonly problem: string };

/** A licence of the stack file with its names resolved to ids. */
export interface ResolvedLicense {
  readonly found: License;
  /** True if the tenant no longer lists the SKU. */
  readonly isGone: boolean;
  /** Outdated names that were resolved by the recorded id, each with the line to change. */
  readonly notes: readonly NameNote[];
  /** The ids behind the names, for the record. */
  readonly names: RecordedNames;
}

/** Microsoft's mark of a trial in a part number or product name: `SPE_E5_TRIAL`, `Dynamics_365_vTrial`. */
const TRIAL = /(^|[_ ])v?trial([_ ]|$)/i;

/** The tenant's SKUs: resolves names to ids and back, and knows which plans apply to users. */
export class Catalog {
  readonly #byId: ReadonlyMap<Guid, Sku>;
  readonly #userPlans: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  readonly #skuNames: ReadonlyMap<Guid, string>;
  /** All plans of each SKU, including those that apply to the company. */
  readonly #plans: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  readonly #planNames: ReadonlyMap<Guid, string>;
  readonly #products = new Map<Guid, string>();
  /** Cache by licence: a tenant has few different licences, and each is asked for many times. */
  readonly #enabled = new Map<string, ReadonlySet<Guid>>();

  readonly #successors: ReadonlyMap<Guid, ReadonlySet<Guid>>;

  /**
   * @param accepted successors that the stack file adds to those of Microsoft's pages
   * @param trials whether a SKU is a trial, by its subscriptions; of an absent SKU the name decides
   */
  constructor(
    readonly skus: readonly Sku[],
    readonly accepted: readonly Successor[] = [],
    readonly trials: ReadonlyMap<Guid, boolean> = new Map(),
  ) {
    this.#successors = successorsAmong(skus, accepted);
    this.#byId = new Map(skus.map((sku) => [sku.id, sku]));
    this.#userPlans = new Map(skus.map((sku) => [sku.id, userPlans(sku)]));
    this.#plans = new Map(skus.map((sku) => [sku.id, new Set(sku.servicePlans.map(({ id }) => id))]));
    this.#skuNames = unmistakable(skus.map(({ id, partNumber }) => ({ id, name: partNumber })));
    this.#planNames = new Map(skus.flatMap((sku) => [...unmistakable(sku.servicePlans)]));
  }

  has(skuId: Guid): boolean {
    return this.#byId.has(skuId);
  }

  /** True for a trial, by Graph's word on its subscriptions, or else by Microsoft's mark in its names. */
  isTrial(skuId: Guid): boolean {
    return this.trials.get(skuId) ?? (TRIAL.test(this.skuName(skuId)) || TRIAL.test(this.product(skuId)));
  }

  /** Whether the SKU's subscription is in force; `ended` if the tenant does not list it. */
  standing(skuId: Guid): Standing {
    return standingOf(this.#byId.get(skuId));
  }

  /** The subscription's status as text for output. */
  status(skuId: Guid): string {
    return formatStatus(this.#byId.get(skuId));
  }

  /**
   * Drops disabled plans that the SKU no longer has. Microsoft retires plans, old assignments keep naming them, and
   * Graph refuses a licence that does. Apply it before a licence is sent, compared or recorded.
   */
  asOfToday<L extends License>(license: L): L {
    const plans = this.#plans.get(license.skuId);
    if (plans === undefined || license.disabledPlans.every((plan) => plans.has(plan))) return license;
    // check: a retired plan is left out
    return { ...license, disabledPlans: license.disabledPlans.filter((plan) => plans.has(plan)) };
  }

  /**
   * The skuPartNumber. Adds the id if two SKUs share the name or only Microsoft's list has it; the id alone if both
   * do not know it.
   */
  skuName(skuId: Guid): string {
    return this.#skuNames.get(skuId) ?? listedName(publishedSku(skuId), skuId) ?? skuId;
  }

  /** The product name in the admin center, or `skuName` if Microsoft's list has none. */
  product(skuId: Guid): string {
    const known = this.#products.get(skuId);
    if (known !== undefined) return known;
    const sku = this.#byId.get(skuId);
    const product = (sku && productName(sku)) ?? this.skuName(skuId);
    this.#products.set(skuId, product);
    return product;
  }

  /** The service plan's name; Microsoft's list still has the retired ones. */
  planName(planId: Guid): string {
    return this.#planNames.get(planId) ?? listedName(publishedPlan(planId), planId) ?? planId;
  }

  /** The enabled plans of a licence that apply to users. Empty if the tenant does not list the SKU. */
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

  /** The plan itself where it is among these, else its successor among them; `null`: neither. */
  keptAs(planId: Guid, there: ReadonlySet<Guid>): Guid | null {
    if (there.has(planId)) return planId;
    const successors = this.#successors.get(planId);
    return successors === undefined ? null : ([...successors].sort().find((id) => there.has(id)) ?? null);
  }

  /** The plans of a SKU that apply to users, each with its successors. */
  plansWithSuccessors(skuId: Guid): ReadonlyMap<Guid, ReadonlySet<Guid>> {
    const plans = [...(this.#userPlans.get(skuId) ?? [])];
    return new Map(plans.map((planId) => [planId, this.#successors.get(planId) ?? new Set()]));
  }

  /** The successors that the stack file accepts, with names. */
  namedSuccessors(): readonly NamedSuccessor[] {
    return this.accepted.map((each) => ({ ...each, plan: this.planName(each.planId), by: this.planName(each.byId) }));
  }

  /** The plans of which neither the plan nor a successor is among `there`, sorted. */
  uncovered(wanted: ReadonlySet<Guid>, there: ReadonlySet<Guid>): readonly Guid[] {
    return [...wanted].filter((planId) => this.keptAs(planId, there) === null).sort();
  }

  /** Adds the name beside each SKU or plan id in a text of Graph: `EXCHANGE_S_ENTERPRISE (efb87545-…)`. */
  withNames(text: string): string {
    return text.replace(new RegExp(GUID_PATTERN, "gi"), (id) => {
      const key = id.toLowerCase();
      const name = this.#skuNames.get(key) ?? this.#planNames.get(key);
      const listed = () => listedName([...publishedSku(key), ...publishedPlan(key)], id);
      return name === undefined ? (listed() ?? id) : withId(name, id);
    });
  }

  /** Finds a SKU by skuPartNumber, skuId or product name. Returns a problem if no SKU or several SKUs match. */
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
   * Resolves a licence of the stack file to ids, or returns every problem found.
   *
   * @param known ids recorded on the last run; a SKU or plan renamed or retired since then gives a note, not a
   *   problem
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
    // The plans of an unlisted SKU are unknown, and the licence on the group still has this one disabled: keep it.
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
  /** True if the SKU no longer has the plan, so there is nothing to disable. */
  readonly isGone: boolean;
  readonly note?: NameNote;
}

const IS_ID = new RegExp(`^(?:.+ \\()?(${GUID_PATTERN})\\)?$`, "i");
/** A name with the tenant in front: the portal's URL has `<tenant id>_<skuId>`, older tools write `contoso:EMS`. */
const WITH_TENANT = new RegExp(`^(?:${GUID_PATTERN}_|[^:]+:)(.+)$`, "i");

/** The id in a bare id, or in a name followed by its id in brackets. */
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

/** Names by id; a name that several items share is followed by its id. */
function unmistakable(all: readonly { readonly id: Guid; readonly name: string }[]): ReadonlyMap<Guid, string> {
  const count = new Map<string, number>();
  for (const { name } of all) count.set(name.toLowerCase(), (count.get(name.toLowerCase()) ?? 0) + 1);
  return new Map(all.map(({ id, name }) => [id, (count.get(name.toLowerCase()) ?? 0) > 1 ? withId(name, id) : name]));
}

/** The names that an administrator may type. */
function namesOf(sku: Sku): readonly string[] {
  return [sku.partNumber, ...productNames(sku)];
}

/**
 * The name from Microsoft's list with the id, because the tenant does not know the name. Lists all names if the
 * list contradicts itself.
 */
function listedName(names: readonly PublishedName[], id: Guid): string | undefined {
  const all = [...new Set(names.map(({ name }) => name))];
  return all.length === 0 ? undefined : withId(all.join(" or "), id);
}

function userPlans(sku: Sku): ReadonlySet<Guid> {
  return new Set(sku.servicePlans.filter((plan) => plan.appliesTo === "User").map((plan) => plan.id));
}
