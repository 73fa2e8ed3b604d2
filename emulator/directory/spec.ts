import { createHash } from "node:crypto";
import { z } from "zod";

/** A tenant as plain data: what `createEmulator` starts from, and what a JSON file for `npm run emulator` holds. */

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const guid = z.string().regex(GUID, "a GUID");

export const isGuid = (text: string): boolean => GUID.test(text);

/** A GUID for good, from any text: the same text gives the same GUID. */
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

/** As a user holds it. A SKU, plan or group that is gone from the tenant goes by its id. */
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
  /** Absent: when the tenant began. */
  changedAt: z.iso.datetime().optional(),
});

const inherited = held.extend({
  /** Group id or display name. */
  group: z.string(),
  /** The error has a cause that nothing else in this file tells: it comes again whenever the group is processed. */
  isLasting: z.boolean().optional(),
});

const user = z.strictObject({
  id: guid.optional(),
  userPrincipalName: z.string(),
  displayName: z.string().optional(),
  accountEnabled: z.boolean().optional(),
  /** Absent: the tenant's country. `null`: none. */
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
  /** Assigned directly. */
  licenses: z.array(held).optional(),
  /** Absent for a group with licences: the user inherits them, active. Given: exactly these entries. */
  inherited: z.array(inherited).optional(),
  /** In assignedLicenses without an entry in licenseAssignmentStates. */
  hidden: z.array(license).optional(),
});

const timeBound = z.strictObject({
  /** By id or UPN. */
  user: z.string(),
  /** `null`: managed there, without an end. */
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
  /** `HiddenMembership`: its members show only with `Member.Read.Hidden`. */
  visibility: z.enum(["Public", "Private", "HiddenMembership"]).nullable().optional(),
  /** Users by id or UPN, groups by id or display name. */
  members: z.array(z.string()).optional(),
  licenses: z.array(license).optional(),
  /** Somebody has paused the rule of a dynamic group: Entra does nothing. */
  rulePaused: z.boolean().optional(),
  /** Memberships that Privileged Identity Management ends by itself, or that an eligible user has activated. */
  timeBound: z.array(timeBound).optional(),
  /** Given: what members inherit is as the users tell, for each of them, and an unfinished processing goes on from here. */
  processingState: processingState.nullable().optional(),
});

const sku = z.strictObject({
  skuId: guid,
  skuPartNumber: z.string(),
  appliesTo: z.enum(["User", "Company"]).optional(),
  capabilityStatus: z.string().optional(),
  servicePlans: z.array(
    z.strictObject({
      servicePlanId: guid,
      servicePlanName: z.string(),
      appliesTo: z.enum(["User", "Company"]).optional(),
    }),
  ),
  seats: z.int().nonnegative(),
  /** Units after their end of term, still usable for a while. */
  warning: z.int().nonnegative().optional(),
  suspended: z.int().nonnegative().optional(),
  lockedOut: z.int().nonnegative().optional(),
  /** In use by users whom this file does not tell; less than zero where the tenant counts fewer than hold it. */
  seatsElsewhere: z.int().optional(),
  /** Two-letter countries in which it must not be assigned. */
  prohibitedLocations: z.array(z.string()).optional(),
});

const app = z.strictObject({
  name: z.string(),
  clientId: guid.optional(),
  secret: z.string().optional(),
  /** Federated credentials: tokens of another issuer that are as good as the secret. */
  federated: z
    .array(
      z.strictObject({
        issuer: z.string(),
        subject: z.string(),
        audience: z.string().optional(),
        /** The issuer's public key, RSA, as a JWK: the real service fetches it from the issuer. */
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
  /** The first one is the default of `credentials()`. Absent: one app with every permission that a migration needs. */
  apps: z.array(app).optional(),
  skus: z.array(sku).optional(),
  /**
   * A plan that works only beside one of `needsOneOf`; plans by id or name. Entra wants both from the same group: `groupMayLack` is for a
   * tenant where a group that gives the plan alone was seen.
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
  /** Plans that one user cannot have both of. */
  exclusive: z.array(z.tuple([z.string(), z.string()])).optional(),
  /**
   * What was seen to fail without a word about which plan it was: `exclusive`, all of `plans` together with all of `beside`;
   * `dependency`, all of `plans` with nothing but what is in either list.
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
  /** Microsoft Entra ID P2 or ID Governance; absent: the tenant has it. */
  hasGovernance: z.boolean().optional(),
  /** The word for a SKU that another one of its group keeps back; absent: Other. */
  siblingError: z.enum(["Other", "Others"]).optional(),
});

export type TenantSpec = z.input<typeof tenantSpec>;
export type UserSpec = z.input<typeof user>;
export type GroupSpec = z.input<typeof group>;
export type SkuSpec = z.input<typeof sku>;
export type LicenseSpec = z.input<typeof license>;
export type HeldLicenseSpec = z.input<typeof held>;
export type AppSpec = z.input<typeof app>;

/** What a whole migration needs, from the first preview to a rollback, and nothing more. */
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

/** What groups that are made along with it need besides. */
export const madeGroupPermissions = ["Group.ReadWrite.All", "GroupMember.ReadWrite.All", "Directory.Read.All"] as const;
