import type { Catalog } from "../catalog/catalog";
import type { Guid } from "../model";

/** What one seat costs in a month, in the currency of whoever wrote it down, by SKU. */
export type Prices = ReadonlyMap<Guid, number>;

/** Prices by any name of a SKU, as a person writes them; every word that is no SKU or no price is named. */
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
