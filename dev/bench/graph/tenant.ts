import type { TenantSpec } from "../../../emulator";
import { seedTenant } from "../../../emulator/tenants/seed";
import type { GraphWishes } from "./wishes";

type Groups = NonNullable<TenantSpec["groups"]>;

/** One person in five is in Finance. */
const FINANCE = 0.2;

const EVERYBODY = "All users";

/** The seed tenant in another size: all users hold EMS directly, Finance also Office 365 E3, and each SKU has a group. */
export function benchTenant({ users, isLicensed, inError = 0 }: GraphWishes): TenantSpec {
  const seed = seedTenant({ users, finance: Math.floor(users * FINANCE) });
  return {
    ...seed,
    groups: isLicensed ? licensed(seed.groups ?? []) : (seed.groups ?? []),
    users: (seed.users ?? []).map((user, index) => (index < users - inError ? user : { ...user, inherited: [noSeat] })),
  };
}

const noSeat = { group: EVERYBODY, sku: "EMS", state: "Error", error: "CountViolation" } as const;

function licensed(groups: Groups): Groups {
  return groups.map((group) => ({
    ...group,
    licenses: [{ sku: group.displayName === EVERYBODY ? "EMS" : "ENTERPRISEPACK" }],
  }));
}
