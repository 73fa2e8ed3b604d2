import type { GroupSpec as TenantGroup, TenantSpec, UserSpec } from "../../emulator";
import { guidFrom, madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { EMS, ENTERPRISEPACK, MCOEV } from "../../emulator/tenants/products";
import type { GroupSpec } from "../../licensing/stack-file/stack-file";

export const ems = EMS.skuId;
export const e3 = ENTERPRISEPACK.skuId;

export const NAMES = ["ada", "ben", "cleo", "dan", "eve", "fay"] as const;
export const upn = (name: string): string => `${name}@contoso.com`;
export const idOf = (name: string): string => guidFrom(`user ${upn(name)}`);

/** Of a tenant with an app that may make groups and add members, too. */
export const mayMakeGroups = {
  apps: [{ name: "migration", permissions: [...migrationPermissions, ...madeGroupPermissions] }],
};

export interface TenantWords {
  readonly names?: readonly string[];
  /** The direct licences of all users; the first two hold Office 365 E3 besides, and are Finance. */
  readonly direct?: UserSpec["licenses"];
  /** What the groups give already; absent: EMS and ENTERPRISEPACK, and all users inherit them. */
  readonly allUsers?: TenantGroup["licenses"];
  readonly finance?: TenantGroup["licenses"];
  readonly more?: Partial<TenantSpec>;
  readonly moreUsers?: readonly UserSpec[];
  readonly moreGroups?: readonly TenantGroup[];
  /** Groups inside All users. */
  readonly nested?: readonly string[];
}

/** Six people with EMS, the first two with Office 365 E3; two groups that hold and license them. */
export function tenant(words: TenantWords = {}): TenantSpec {
  const { names = NAMES, direct = [{ sku: "EMS" }] } = words;
  const finance = names.slice(0, 2);
  return {
    displayName: "Contoso",
    skus: [
      { ...EMS, seats: names.length + 20 },
      { ...ENTERPRISEPACK, seats: 20 },
      { ...MCOEV, seats: 20 },
    ],
    users: [
      ...names.map((name) => ({
        userPrincipalName: upn(name),
        licenses: [...direct, ...(finance.includes(name) ? [{ sku: "ENTERPRISEPACK" }] : [])],
      })),
      ...(words.moreUsers ?? []),
    ],
    groups: [
      {
        displayName: "All users",
        members: [...names.map(upn), ...(words.nested ?? [])],
        licenses: words.allUsers ?? [{ sku: "EMS" }],
      },
      {
        displayName: "Finance department",
        members: finance.map(upn),
        licenses: words.finance ?? [{ sku: "ENTERPRISEPACK" }],
      },
      ...(words.moreGroups ?? []),
    ],
    ...words.more,
  };
}

/** What the stack file says about them. */
export const GROUPS: readonly GroupSpec[] = [
  { name: "all-users", existing: "All users", licenses: [{ sku: "EMS", disabledPlans: [] }] },
  { name: "finance", existing: "Finance department", licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: [] }] },
];
