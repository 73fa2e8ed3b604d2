import type { Guid } from "../model";
import type publishedList from "./published-list.json";

/** One name of a SKU or a service plan in Microsoft's list. */
export interface PublishedName {
  /** The skuPartNumber, or the service plan's name. */
  readonly name: string;
  /** The name that people know it by; the same where the list has no other. */
  readonly friendly: string;
}

interface Published {
  readonly skus: ReadonlyMap<Guid, readonly PublishedName[]>;
  readonly plans: ReadonlyMap<Guid, readonly PublishedName[]>;
  /** By skuPartNumber in lower case, for a SKU whose id the list does not have. */
  readonly products: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What the list calls the SKU with this id: several names where it contradicts itself. */
export function publishedSku(id: Guid): readonly PublishedName[] {
  return list().skus.get(id) ?? [];
}

/** What the list calls the service plan with this id, also one that Microsoft has retired. */
export function publishedPlan(id: Guid): readonly PublishedName[] {
  return list().plans.get(id) ?? [];
}

/** The products that the list has with this skuPartNumber: several where it is shared. */
export function productsCalled(partNumber: string): readonly string[] {
  return [...(list().products.get(partNumber.toLowerCase()) ?? [])];
}

let loaded: Published | undefined;

/** Read when the first name is missing: most runs of a provider need none, and the list is larger than their code. */
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

/** `EMS|Enterprise Mobility + Security E3`, or the name alone. */
function nameIn(entry: string): PublishedName {
  const [name = entry, friendly = name] = entry.split("|");
  return { name, friendly };
}
