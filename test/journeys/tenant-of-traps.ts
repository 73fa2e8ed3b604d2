import type { TenantSpec } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";

/** The least that a preview needs. */
const toRead = ["User.Read.All", "GroupMember.Read.All", "GroupMember.ReadBasic.All", "LicenseAssignment.Read.All"];
const toMigrate = ["LicenseAssignment.ReadWrite.All", "Organization.Read.All", "AuditLog.Read.All"];

export const twins = ["aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"] as const;

/** The seed's tenant, small, with groups that no stack file can name as they are, and apps that lack one permission each. */
export function tenantOfTraps(): TenantSpec {
  const tenant = seedTenant({ users: 10, finance: 2 });
  return {
    ...tenant,
    apps: [
      { name: "migration", permissions: [...toRead, ...toMigrate] },
      { name: "read only", permissions: toRead },
      ...toRead.map((permission) => ({
        name: `without ${permission}`,
        permissions: toRead.filter((other) => other !== permission),
      })),
    ],
    groups: [
      ...(tenant.groups ?? []),
      ...twins.map((id) => ({ displayName: "Twins", id })),
      { displayName: "Newsletter", securityEnabled: false, mailEnabled: true, groupTypes: ["Unified"] },
    ],
  };
}
