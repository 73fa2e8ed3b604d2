import { z } from "zod";
import { GUID_PATTERN } from "../../licensing/model";

/** Version of the copy format. A program reads only copies of its own version. */
export const COPY_VERSION = 1;

/** Pulumi's rule for stack names. The name becomes part of a file name. */
export const STACK_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

const id = z.string().regex(new RegExp(`^${GUID_PATTERN}$`), "a GUID in lower case");
const appliesTo = z.enum(["User", "Company"]);
const units = z.int().nonnegative();

const license = z.strictObject({ skuId: id, disabledPlans: z.array(id) });

const assignment = license.extend({
  /** The group's id; `null` for a direct assignment. */
  assignedByGroup: id.nullable(),
  state: z.enum(["Active", "ActiveWithError", "Error", "Disabled"]),
  error: z
    .enum([
      "CountViolation",
      "MutuallyExclusiveViolation",
      "DependencyViolation",
      "ProhibitedInUsageLocationViolation",
      "UniquenessViolation",
      "Other",
    ])
    .nullable(),
  /** Milliseconds since 1970; absent if Graph does not report it and in an anonymised copy. */
  changedAtMs: z.int().optional(),
});

const user = z.strictObject({
  id,
  /** Both are present only with `--names`. */
  displayName: z.string().optional(),
  userPrincipalName: z.string().optional(),
  accountEnabled: z.boolean().nullable(),
  usageLocation: z.string().nullable(),
  assignments: z.array(assignment),
  /** The properties that occur in a rule of the stack file matching this user. */
  properties: z
    .strictObject({
      department: z.string().optional(),
      companyName: z.string().optional(),
      country: z.string().optional(),
    })
    .optional(),
  /** Licences in `assignedLicenses` without an active assignment. */
  unknownSource: z.array(license),
});

const group = z.strictObject({
  id,
  displayName: z.string(),
  securityEnabled: z.boolean(),
  mailEnabled: z.boolean(),
  /** `null` unless the group is dynamic. */
  membershipRule: z.string().nullable(),
  onPremisesSyncEnabled: z.boolean(),
  licenses: z.array(license),
  processingState: z.enum(["QueuedForProcessing", "ProcessingInProgress", "ProcessingComplete"]).nullable(),
  /** Direct user members that are in the copy. */
  members: z.array(id),
  /** Groups that are direct members. */
  nested: z.array(id),
});

const sku = z.strictObject({
  id,
  partNumber: z.string(),
  appliesTo,
  capabilityStatus: z.string(),
  consumedUnits: units,
  prepaidUnits: z.strictObject({ enabled: units, warning: units, suspended: units, lockedOut: units }),
  servicePlans: z.array(z.strictObject({ id, name: z.string(), appliesTo })),
  /** By its subscriptions. Absent: not read, and the name decides. */
  isTrial: z.boolean().optional(),
});

/** The part of one tenant that a migration reads, and its stack file with ids in place of names. */
export const copySchema = z.strictObject({
  format: z.literal("entra-group-licensing rehearsal copy"),
  version: z.literal(COPY_VERSION),
  stack: z.string().regex(STACK_NAME, "the name of a stack"),
  copiedAt: z.iso.datetime(),
  /** With `pseudonymous` ids, waves by share and by count take other users than in the tenant. */
  ids: z.enum(["real", "pseudonymous"]),
  tenant: z.strictObject({
    id,
    displayName: z.string().nullable(),
    domains: z.array(z.string()),
    /** ISO country code; `null` if the organisation could not be read. */
    country: z.string().length(2).nullable(),
  }),
  skus: z.array(sku),
  groups: z.array(group),
  users: z.array(user),
  /** The stack's configuration without the keys for the cloud and for `applyThrough`, which the rehearsal sets. */
  stackFile: z.record(z.string().startsWith("licensing:"), z.unknown()),
  /** One sentence for each thing that could not be read. */
  warnings: z.array(z.string()),
});

export type RehearsalCopy = z.infer<typeof copySchema>;
export type CopiedUser = RehearsalCopy["users"][number];
export type CopiedGroup = RehearsalCopy["groups"][number];
export type CopiedAssignment = CopiedUser["assignments"][number];

/** True for an assignment that grants its plans to the user and takes a seat. */
export function isInForce({ state }: Pick<CopiedAssignment, "state">): boolean {
  return state === "Active" || state === "ActiveWithError";
}
