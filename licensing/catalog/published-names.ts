import type { Guid } from "../model";
import type publishedList from "./published-list.json";

/** A name of a SKU or a service plan in Microsoft's list. */
export interface PublishedName {
  /** The skuPartNumber, or the service plan's name. */
  readonly name: string;
  /** The display name; equal to `name` if the list has no other. */
  readonly friendly: string;
}

interface Published {
  readonly skus: ReadonlyMap<Guid, readonly PublishedName[]>;
  readonly plans: ReadonlyMap<Guid, readonly PublishedName[]>;
  /** Products by skuPartNumber in lower case, for SKUs with an id that the list lacks. */
  readonly products: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The list's names for this SKU id; several if the list contradicts itself. */
export function publishedSku(id: Guid): readonly PublishedName[] {
  return list().skus.get(id) ?? [];
}

/** The list's names for this service plan id, including retired plans. */
export function publishedPlan(id: Guid): readonly PublishedName[] {
  return list().plans.get(id) ?? [];
}

/** The ids of the service plans with this name, in any case. */
export function plansCalled(name: string): readonly Guid[] {
  const wanted = name.toLowerCase();
  return [...list().plans]
    .filter(([, names]) => names.some((each) => each.name.toLowerCase() === wanted))
    .map(([id]) => id);
}

/** The products with this skuPartNumber; several if products share it. */
export function productsCalled(partNumber: string): readonly string[] {
  return [...(list().products.get(partNumber.toLowerCase()) ?? [])];
}

let loaded: Published | undefined;

/**
 * Loads the list on first use: most provider runs need no name from it, and it is larger than the provider's code.
 */
function list(): Published {
  return (loaded ??= parsed(require("./published-list.json") as typeof publishedList));
}

function parsed({ skus, plans }: typeof publishedList): Published {
  const bySku = namesById(skus);
  const products = new Map<string, Set<string>>();
  for (const { name, friendly } of [...bySku.values()].flat()) {
    const key = name.toLowerCase();
    products.set(key, (products.get(key) ?? new Set()).add(friendly));
  }
  return { skus: bySku, plans: namesById(plans), products };
}

function namesById(entries: Readonly<Record<Guid, string | string[]>>): ReadonlyMap<Guid, readonly PublishedName[]> {
  return new Map(Object.entries(entries).map(([id, all]) => [id, [all].flat().map(nameIn)]));
}

/** Parses `EMS|Enterprise Mobility + Security E3`, or a name alone. */
function nameIn(entry: string): PublishedName {
  const [name = entry, friendly = name] = entry.split("|");
  return { name, friendly };
}
