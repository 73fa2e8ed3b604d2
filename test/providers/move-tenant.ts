import type { GroupSpec as TenantGroup, TenantSpec, UserSpec } from "../../emulator";
import { madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { ENTERPRISEPACK } from "../../emulator/tenants/products";
import type { GroupSpec, MoveSpec } from "../../licensing/stack-file/stack-file";
import { E3, ONLY_IN_E3, SPE_E5 } from "./e3-group";
import { NAMES, upn } from "./tenants";

interface MoveTenant {
  readonly seats?: number;
  readonly names?: readonly string[];
  readonly from?: Partial<TenantGroup>;
  readonly to?: Partial<TenantGroup>;
  readonly users?: (name: string) => Partial<UserSpec>;
  readonly more?: Partial<TenantSpec>;
}

/** Two static groups: all users have Office 365 E3 by the first, and none is in the second, which gives E5. */
export function tenantOfMove({
  seats,
  names = NAMES,
  from,
  to,
  users = () => ({}),
  more,
}: MoveTenant = {}): TenantSpec {
  return {
    displayName: "Contoso",
    verifiedDomains: ["contoso.com"],
    countryLetterCode: "DE",
    apps: [{ name: "migration", permissions: [...migrationPermissions, ...madeGroupPermissions] }],
    skus: [
      { ...ENTERPRISEPACK, seats: names.length + 5 },
      { ...SPE_E5, seats: seats ?? names.length },
    ],
    users: names.map((name) => ({ userPrincipalName: upn(name), usageLocation: "DE", ...users(name) })),
    groups: [
      { displayName: "E3 users", members: names.map(upn), licenses: [E3], ...from },
      { displayName: "E5 users", members: [], licenses: [{ sku: "SPE_E5" }], ...to },
    ],
    ...more,
  };
}

/** The two groups of the stack file. */
export const MOVE_GROUPS: readonly GroupSpec[] = [
  {
    name: "e3-users",
    existing: "E3 users",
    licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3] }],
  },
  { name: "e5-users", existing: "E5 users", licenses: [{ sku: "SPE_E5", disabledPlans: [] }] },
];

export const MOVE: MoveSpec = { from: "e3-users", to: "e5-users", acceptOtherUses: [] };
