import type { TenantSpec } from "../../emulator";
import { ENTERPRISEPACK, STANDARDPACK } from "../../emulator/tenants/products";
import { percent, wave } from "../licensing/builders";
import type { SmallStackFile } from "./small-stack";
import { upn } from "./tenants";

type SkuOfTenant = NonNullable<TenantSpec["skus"]>[number];

/**
 * Users with E1, in a group that shall give E3; SharePoint's plans exclude each other.
 *
 * @param beside other SKUs that each user holds directly
 */
export function tenantOfSwap(
  people: readonly string[],
  beside: readonly Omit<SkuOfTenant, "seats">[] = [],
): TenantSpec {
  const direct = [STANDARDPACK, ...beside];
  return {
    displayName: "Contoso",
    skus: [...direct, ENTERPRISEPACK].map((sku) => ({ ...sku, seats: people.length })),
    exclusive: [["SHAREPOINTSTANDARD", "SHAREPOINTENTERPRISE"]],
    users: people.map((name) => ({
      userPrincipalName: upn(name),
      licenses: direct.map(({ skuPartNumber: sku }) => ({ sku })),
    })),
    groups: [{ displayName: "E3 staff", members: people.map(upn) }],
  };
}

export const WAVES_BACK = [wave("everyone", percent(100), { rollback: true })];

export const TO_E3: SmallStackFile = {
  groups: [
    {
      name: "staff",
      existing: "E3 staff",
      licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: [], replaces: ["STANDARDPACK"] }],
    },
  ],
  waves: [wave("everyone", percent(100))],
  applyThrough: "everyone",
};
