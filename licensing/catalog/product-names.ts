import type { Sku } from "../model";
import { productsCalled, publishedSku } from "./published-names";

/**
 * Product names that changed in the admin center, keyed by the older name in Microsoft's list. Both are accepted.
 * As of 2026-11.
 */
const TODAY: Readonly<Record<string, string>> = {
  "Copilot for Microsoft 365": "Microsoft 365 Copilot",
  "Dynamics 365 Team Members_wDynamicsRetail": "Dynamics 365 Team Members",
  Intune: "Microsoft Intune Plan 1",
  "Project Online Premium": "Planner and Project Plan 5",
  "SharePoint Online (Plan 1)": "SharePoint (Plan 1)",
  "SharePoint Online (Plan 2)": "SharePoint (Plan 2)",
};

/**
 * Product names by part number, for SKUs with an id that the list lacks: it has this part number only for the
 * introductory offer.
 */
const BY_PART: Readonly<Record<string, string>> = { microsoft_teams_premium: "Microsoft Teams Premium" };

/** All names of the product, the one to show first. Empty if Microsoft's list has none. */
export function productNames({ id, partNumber }: Pick<Sku, "id" | "partNumber">): readonly string[] {
  const byId = publishedSku(id).map(({ friendly }) => friendly);
  const own = BY_PART[partNumber.toLowerCase()];
  const byPart = own === undefined ? onlyOne(productsCalled(partNumber)) : [own];
  const listed = byId.length > 0 ? byId : byPart;
  return [...new Set([...listed.map((name) => TODAY[name] ?? name), ...listed])];
}

/**
 * The product's name in the admin center; `undefined` if Microsoft's list has none, or several for the part number.
 */
export function productName(sku: Pick<Sku, "id" | "partNumber">): string | undefined {
  return productNames(sku)[0];
}

/** If two products share a part number, only the id can tell them apart. */
function onlyOne(products: readonly string[]): readonly string[] {
  return products.length === 1 ? products : [];
}
