import type { Tenant, TenantSpec, UserSpec } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";

/** 40 people, 8 of them in Finance; two of the canary have direct licences without all their plans. */
export function tenantWithDisabledPlans(): TenantSpec {
  const seed = seedTenant({ users: 40, finance: 8 });
  const narrowed: Readonly<Record<string, UserSpec["licenses"]>> = {
    "user0001@contoso.com": [{ sku: "EMS" }, { sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER_ENTERPRISE", "SWAY"] }],
    "user0020@contoso.com": [{ sku: "EMS", disabledPlans: ["INTUNE_A"] }],
  };
  const users = (seed.users ?? []).map((user) => {
    const licenses = narrowed[user.userPrincipalName];
    return licenses === undefined ? user : { ...user, licenses };
  });
  return { ...seed, users };
}

/** Every direct assignment as a line: user, SKU, and disabled plans. */
export function directOf(tenant: Tenant): readonly string[] {
  return tenant
    .directAssignments()
    .map(({ userId, skuId, disabledPlans }) => {
      const { userPrincipalName } = tenant.user(userId);
      return `${userPrincipalName} ${tenant.sku(skuId).skuPartNumber} ${[...disabledPlans].sort().join(" ")}`;
    })
    .sort();
}
