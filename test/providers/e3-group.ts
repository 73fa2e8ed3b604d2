import type { GroupSpec as TenantGroup, SkuSpec, TenantSpec } from "../../emulator";
import { EMS, ENTERPRISEPACK } from "../../emulator/tenants/products";
import type { GroupSpec } from "../../licensing/stack-file/stack-file";
import { NAMES, upn } from "./tenants";

/** The plan of Office 365 E3 that Microsoft 365 E5 does not have. */
export const ONLY_IN_E3 = "KAIZALA_O365_P3";

/** Microsoft 365 E5, as far as a tenant with these products shows it: all of E3 and EMS but one plan, and more. */
export const SPE_E5: Omit<SkuSpec, "seats"> = {
  skuId: "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
  skuPartNumber: "SPE_E5",
  servicePlans: [
    ...ENTERPRISEPACK.servicePlans.filter(({ servicePlanName }) => servicePlanName !== ONLY_IN_E3),
    ...EMS.servicePlans.filter(({ servicePlanName }) => servicePlanName !== "RMS_S_ENTERPRISE"),
    { servicePlanId: "eec0eb4f-6444-4f95-aba0-50c24d67f998", servicePlanName: "AAD_PREMIUM_P2" },
  ],
};

/** E3 as the group gives it: without the plan that E5 lacks. */
export const E3 = { sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3] };

/** A group whose members have Office 365 E3 from it alone. */
export function tenantOfE3Group(
  seats: number,
  more: { readonly licenses?: TenantGroup["licenses"]; readonly names?: readonly string[] } = {},
): TenantSpec {
  const names = more.names ?? NAMES;
  return {
    displayName: "Contoso",
    verifiedDomains: ["contoso.com"],
    countryLetterCode: "DE",
    skus: [
      { ...ENTERPRISEPACK, seats: names.length + 5 },
      { ...SPE_E5, seats },
    ],
    users: names.map((name) => ({ userPrincipalName: upn(name), usageLocation: "DE" })),
    groups: [{ displayName: "Staff", members: names.map(upn), licenses: more.licenses ?? [E3] }],
  };
}

/** The stack file's group: gives this, and takes that off. */
export function staff(licenses: readonly string[], removeLicenses: readonly string[] = []): GroupSpec {
  return {
    name: "staff",
    existing: "Staff",
    licenses: licenses.map((sku) => ({ sku, disabledPlans: sku === "ENTERPRISEPACK" ? [ONLY_IN_E3] : [] })),
    ...(removeLicenses.length > 0 && { removeLicenses }),
  };
}
