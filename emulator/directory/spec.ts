import { createHash } from "node:crypto";
import { z } from "zod";

/** A tenant as plain data, for `createEmulator` and for the JSON file of `entra-licensing emulator`. */

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const guid = z.string().regex(GUID, "a GUID");

export const isGuid = (text: string): boolean => GUID.test(text);

/** Derives a GUID from a text: the same text always gives the same GUID. */
export function guidFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const license = z.strictObject({
  /** skuId or skuPartNumber. */
  sku: z.string(),
  /** Service plans, by id or name. */
  disabledPlans: z.array(z.string()).optional(),
});

const processingState = z.enum(["QueuedForProcessing", "ProcessingInProgress", "ProcessingComplete"]);

/** A licence that a user holds. A SKU, plan or group that the tenant no longer has is given by its id. */
const held = license.extend({
  state: z.enum(["Active", "ActiveWithError", "Error", "Disabled"]).optional(),
  error: z
    .enum([
      "None",
      "CountViolation",
      "MutuallyExclusiveViolation",
      "DependencyViolation",
      "ProhibitedInUsageLocationViolation",
      "UniquenessViolation",
      "Other",
      "Others",
    ])
    .optional(),
  /** Default: the tenant's start. */
  changedAt: z.iso.datetime().optional(),
});

const inherited = held.extend({
  /** Group id or display name. */
  group: z.string(),
  /** True if the error's cause is not described in this file: the error then recurs at each processing of the group. */
  isLasting: z.boolean().optional(),
});

const user = z.strictObject({
  id: guid.optional(),
  userPrincipalName: z.string(),
  displayName: z.string().optional(),
  accountEnabled: z.boolean().optional(),
  /** Default: the tenant's country. `null` for none. */
  usageLocation: z.string().nullable().optional(),
  department: z.string().nullable().optional(),
  companyName: z.string().nullable().optional(),
  country: z.string().nullable().optional(),
  city: z.string().nullable().optional(),
  jobTitle: z.string().nullable().optional(),
  officeLocation: z.string().nullable().optional(),
  /** In a restricted management administrative unit: no app may write to it. */
  isManagementRestricted: z.boolean().optional(),
  employeeId: z.string().nullable().optional(),
  employeeType: z.string().nullable().optional(),
  userType: z.string().nullable().optional(),
  /** Direct licences. */
  licenses: z.array(held).optional(),
  /** Exactly these inherited entries. Default: active entries for all licences of the user's groups. */
  inherited: z.array(inherited).optional(),
  /** Licences in assignedLicenses without an entry in licenseAssignmentStates. */
  hidden: z.array(license).optional(),
});

const timeBound = z.strictObject({
  /** By id or UPN. */
  user: z.string(),
  /** `null` for a managed membership without an end. */
  until: z.iso.datetime().nullable(),
  accessId: z.enum(["member", "owner"]).optional(),
  isActivated: z.boolean().optional(),
});

const group = z.strictObject({
  id: guid.optional(),
  displayName: z.string(),
  description: z.string().nullable().optional(),
  securityEnabled: z.boolean().optional(),
  mailEnabled: z.boolean().optional(),
  groupTypes: z.array(z.string()).optional(),
  membershipRule: z.string().nullable().optional(),
  onPremisesSyncEnabled: z.boolean().optional(),
  /** In a restricted management administrative unit: no app may write to it. */
  isManagementRestricted: z.boolean().optional(),
  /** Names of applications with a role that the group's members have by it. */
  appRoles: z.array(z.string()).optional(),
  /** Names of directory roles that the group has; it must be assignable to roles. */
  directoryRoles: z.array(z.string()).optional(),
  isAssignableToRole: z.boolean().optional(),
  /** True for the group of a team. */
  isTeam: z.boolean().optional(),
  /** Members of a `HiddenMembership` group are visible only with `Member.Read.Hidden`. */
  visibility: z.enum(["Public", "Private", "HiddenMembership"]).nullable().optional(),
  /** Users by id or UPN, groups by id or display name. */
  members: z.array(z.string()).optional(),
  licenses: z.array(license).optional(),
  /** True if an administrator paused the membership rule: Entra leaves the members unchanged. */
  rulePaused: z.boolean().optional(),
  /** Memberships that Privileged Identity Management manages: with an end, or activated by an eligible user. */
  timeBound: z.array(timeBound).optional(),
  /** If given, members inherit exactly what the users' entries say, and an unfinished processing continues from this state. */
  processingState: processingState.nullable().optional(),
});

const sku = z.strictObject({
  skuId: guid,
  skuPartNumber: z.string(),
  appliesTo: z.enum(["User", "Company"]).optional(),
  capabilityStatus: z.string().optional(),
  /** Whether its subscription is a trial. Default: if Microsoft's part number says so. */
  isTrial: z.boolean().optional(),
  servicePlans: z.array(
    z.strictObject({
      servicePlanId: guid,
      servicePlanName: z.string(),
      appliesTo: z.enum(["User", "Company"]).optional(),
    }),
  ),
  seats: z.int().nonnegative(),
  /** Expired units in their grace period. */
  warning: z.int().nonnegative().optional(),
  suspended: z.int().nonnegative().optional(),
  lockedOut: z.int().nonnegative().optional(),
  /** Seats used by users outside this file. Negative if the tenant counts fewer seats than this file's users hold. */
  seatsElsewhere: z.int().optional(),
  /** ISO country codes in which the SKU must not be assigned. */
  prohibitedLocations: z.array(z.string()).optional(),
});

const app = z.strictObject({
  name: z.string(),
  clientId: guid.optional(),
  secret: z.string().optional(),
  /** Federated credentials: tokens of other issuers that replace the secret. */
  federated: z
    .array(
      z.strictObject({
        issuer: z.string(),
        subject: z.string(),
        audience: z.string().optional(),
        /** The issuer's public RSA key as a JWK. The real service fetches it from the issuer. */
        key: z.record(z.string(), z.unknown()),
      }),
    )
    .optional(),
  permissions: z.array(z.string()),
});

export const tenantSpec = z.strictObject({
  id: guid.optional(),
  displayName: z.string().optional(),
  verifiedDomains: z.array(z.string()).min(1).optional(),
  countryLetterCode: z.string().length(2).optional(),
  /** The first app is the default of `credentials()`. Default: one app with all permissions of a migration. */
  apps: z.array(app).optional(),
  skus: z.array(sku).optional(),
  /**
   * A plan that requires one plan of `needsOneOf`; plans by id or name. Entra requires both in the same group. Set `groupMayLack`
   * for a tenant that has a group which assigns the plan alone.
   */
  dependencies: z
    .array(
      z.strictObject({
        plan: z.string(),
        needsOneOf: z.array(z.string()).min(1),
        groupMayLack: z.boolean().optional(),
      }),
    )
    .optional(),
  /** Pairs of plans that a user cannot have together. */
  exclusive: z.array(z.tuple([z.string(), z.string()])).optional(),
  /**
   * Failures that were observed without the plan at fault. `exclusive`: all of `plans` together with all of `beside` fail.
   * `dependency`: all of `plans` fail if the user has no plans outside the two lists.
   */
  seenToFail: z
    .array(
      z.strictObject({
        kind: z.enum(["exclusive", "dependency"]),
        plans: z.array(z.string()).min(1),
        beside: z.array(z.string()),
      }),
    )
    .optional(),
  users: z.array(user).optional(),
  groups: z.array(group).optional(),
  /** Whether the tenant has Microsoft Entra ID P2 or ID Governance. Default: true. */
  hasGovernance: z.boolean().optional(),
  /** The error code of a SKU that is held back by another SKU of its group. Default: Other. */
  siblingError: z.enum(["Other", "Others"]).optional(),
});

export type TenantSpec = z.input<typeof tenantSpec>;
export type UserSpec = z.input<typeof user>;
export type GroupSpec = z.input<typeof group>;
export type SkuSpec = z.input<typeof sku>;
export type LicenseSpec = z.input<typeof license>;
export type HeldLicenseSpec = z.input<typeof held>;
export type AppSpec = z.input<typeof app>;

/** The permissions for a whole migration, from the first preview to a rollback. */
export const migrationPermissions = [
  "User.Read.All",
  "GroupMember.Read.All",
  "GroupMember.ReadBasic.All",
  "LicenseAssignment.Read.All",
  "LicenseAssignment.ReadWrite.All",
  "AuditLog.Read.All",
  "Organization.Read.All",
  "PrivilegedAssignmentSchedule.Read.AzureADGroup",
  "Group.Read.All",
] as const;

/** Additional permissions for a migration that creates its groups. */
export const madeGroupPermissions = ["Group.ReadWrite.All", "GroupMember.ReadWrite.All", "Directory.Read.All"] as const;
