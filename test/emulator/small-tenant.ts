import type { TenantSpec } from "../../emulator";
import { madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { EMS, ENTERPRISEPACK, MCOEV, STANDARDPACK } from "../../emulator/tenants/products";

export const ems = EMS.skuId;
export const e3 = ENTERPRISEPACK.skuId;
export const e1 = STANDARDPACK.skuId;
export const phone = MCOEV.skuId;
export const yammer = "7547a3fe-08ee-4ccb-b430-5077c5041653";

/** Four people, two groups, and everything that can go wrong between them. */
export function smallTenant(changes: Partial<TenantSpec> = {}): TenantSpec {
  return {
    displayName: "Contoso",
    verifiedDomains: ["contoso.com", "contoso.onmicrosoft.com"],
    countryLetterCode: "US",
    apps: [
      {
        name: "migration",
        permissions: [...migrationPermissions, ...madeGroupPermissions, "Group.Read.All", "User.ReadWrite.All"],
      },
    ],
    skus: [
      { ...EMS, seats: 4 },
      { ...ENTERPRISEPACK, seats: 3, prohibitedLocations: ["KP"] },
      { ...STANDARDPACK, seats: 3 },
      { ...MCOEV, seats: 3 },
      {
        ...EMS,
        skuId: "11111111-1111-4111-8111-111111111111",
        skuPartNumber: "COMPANY_ONLY",
        appliesTo: "Company",
        seats: 1,
      },
    ],
    dependencies: [{ plan: "MCOEV", needsOneOf: ["MCOSTANDARD"] }],
    exclusive: [["EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_STANDARD"]],
    users: [
      { userPrincipalName: "ada@contoso.com", department: "Design", licenses: [{ sku: "EMS" }] },
      { userPrincipalName: "ben@contoso.com", licenses: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK" }] },
      { userPrincipalName: "cleo@contoso.com" },
      { userPrincipalName: "dan@contoso.com", usageLocation: null },
    ],
    groups: [
      { displayName: "Staff", members: ["ada@contoso.com", "ben@contoso.com", "cleo@contoso.com", "Nested"] },
      { displayName: "Nested", members: ["dan@contoso.com"] },
      { displayName: "Mail only", securityEnabled: false, mailEnabled: true, groupTypes: ["Unified"] },
      { displayName: "Dynamic", membershipRule: 'user.department -eq "Design"', members: ["ada@contoso.com"] },
      { displayName: "Synced", onPremisesSyncEnabled: true },
    ],
    ...changes,
  };
}

export const add = (...licenses: (string | { skuId: string; disabledPlans: string[] })[]) => ({
  addLicenses: licenses.map((license) =>
    typeof license === "string" ? { skuId: license, disabledPlans: [] } : license,
  ),
  removeLicenses: [],
});

export const remove = (...skuIds: string[]) => ({ addLicenses: [], removeLicenses: skuIds });
