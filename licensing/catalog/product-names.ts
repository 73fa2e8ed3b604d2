import type { Sku } from "../model";
import { productsCalled, publishedSku } from "./published-names";

/** What the admin center calls a product today, by its older name in Microsoft's list. As of 2026-11; people type both. */
const TODAY: Readonly<Record<string, string>> = {
  "Copilot for Microsoft 365": "Microsoft 365 Copilot",
  Intune: "Microsoft Intune Plan 1",
  "Project Online Premium": "Planner and Project Plan 5",
  "SharePoint Online (Plan 1)": "SharePoint (Plan 1)",
  "SharePoint Online (Plan 2)": "SharePoint (Plan 2)",
};

/** Of a SKU whose id the list does not have: it has this part number for the introductory offer alone. */
const BY_PART: Readonly<Record<string, string>> = { microsoft_teams_premium: "Microsoft Teams Premium" };

/** Every name that a person may know the product by, the shown one first; none where Microsoft's list does not have it. */
export function productNames({ id, partNumber }: Pick<Sku, "id" | "partNumber">): readonly string[] {
  const byId = publishedSku(id).map(({ friendly }) => friendly);
  const own = BY_PART[partNumber.toLowerCase()];
  const byPart = own === undefined ? onlyOne(productsCalled(partNumber)) : [own];
  const listed = byId.length > 0 ? byId : byPart;
  return [...new Set([...listed.map((name) => TODAY[name] ?? name), ...listed])];
}

/** The name that a person knows the product by; `undefined` where Microsoft's list has none, or several for one part number. */
export function productName(sku: Pick<Sku, "id" | "partNumber">): string | undefined {
  return productNames(sku)[0];
}

/** Two products of one part number are told apart by their ids alone. */
function onlyOne(products: readonly string[]): readonly string[] {
  return products.length === 1 ? products : [];
}
