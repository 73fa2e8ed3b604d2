import type { Catalog } from "../catalog/catalog";
import type { Guid } from "../model";

/** Price of one seat per month by SKU, in the currency of the price file. */
export type Prices = ReadonlyMap<Guid, number>;

/** Resolves prices by any name of a SKU, and reports each entry without a known SKU or a valid price. */
export function resolvePrices(
  written: Readonly<Record<string, unknown>>,
  catalog: Catalog,
): { readonly prices: Prices; readonly problems: readonly string[] } {
  const prices = new Map<Guid, number>();
  const problems: string[] = [];
  for (const [word, price] of Object.entries(written)) {
    const sku = catalog.findSku(word);
    if ("problem" in sku) problems.push(sku.problem);
    else if (typeof price !== "number" || !Number.isFinite(price) || price < 0) {
      problems.push(`the price of "${word}" must be a number, such as 23.10`);
    } else prices.set(sku.found.id, price);
  }
  return { prices, problems };
}
