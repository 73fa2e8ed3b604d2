import { z } from "zod";

/** The form of a copy. A later version of this program reads it as long as the number is the same. */
export const COPY_VERSION = 1;

/** As Pulumi names stacks; it becomes a part of a file name. */
export const STACK_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

const id = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "a GUID in lower case");
const appliesTo = z.enum(["User", "Company"]);
const units = z.int().nonnegative();

const license = z.strictObject({ skuId: id, disabledPlans: z.array(id) });

const assignment = license.extend({
  /** `null`: assigned directly. */
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
  /** In milliseconds since 1970; absent where Graph does not say, and in a copy to send. */
  changedAtMs: z.int().optional(),
});

const user = z.strictObject({
  id,
  /** Both absent but with `--names`. */
  displayName: z.string().optional(),
  userPrincipalName: z.string().optional(),
  accountEnabled: z.boolean().nullable(),
  usageLocation: z.string().nullable(),
  assignments: z.array(assignment),
  /** Those by which a rule of the stack file takes the user. */
  properties: z
    .strictObject({
      department: z.string().optional(),
      companyName: z.string().optional(),
      country: z.string().optional(),
    })
    .optional(),
  /** Held, as Graph says, without an assignment in force behind it. */
  unknownSource: z.array(license),
});

const group = z.strictObject({
  id,
  displayName: z.string(),
  securityEnabled: z.boolean(),
  mailEnabled: z.boolean(),
  /** `null`: not a dynamic group. */
  membershipRule: z.string().nullable(),
  onPremisesSyncEnabled: z.boolean(),
  licenses: z.array(license),
  processingState: z.enum(["QueuedForProcessing", "ProcessingInProgress", "ProcessingComplete"]).nullable(),
  /** First-level users, as far as they are in the copy. */
  members: z.array(id),
  /** Groups inside it. */
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
});

/** What a migration looks at in one tenant, and the stack file that it is for, with ids in place of names. */
export const copySchema = z.strictObject({
  format: z.literal("entra-group-licensing rehearsal copy"),
  version: z.literal(COPY_VERSION),
  stack: z.string().regex(STACK_NAME, "the name of a stack"),
  copiedAt: z.iso.datetime(),
  /** `pseudonymous`: waves by share and by count take other people than in the tenant. */
  ids: z.enum(["real", "pseudonymous"]),
  tenant: z.strictObject({
    id,
    displayName: z.string().nullable(),
    domains: z.array(z.string()),
    /** `null`: the organisation may not be read. */
    country: z.string().length(2).nullable(),
  }),
  skus: z.array(sku),
  groups: z.array(group),
  users: z.array(user),
  /** The configuration of the stack; where Graph is, and how far `up` may go, is left to the rehearsal. */
  stackFile: z.record(z.string().startsWith("licensing:"), z.unknown()),
  /** What could not be read, in words. */
  warnings: z.array(z.string()),
});

export type RehearsalCopy = z.infer<typeof copySchema>;
export type CopiedUser = RehearsalCopy["users"][number];
export type CopiedGroup = RehearsalCopy["groups"][number];
export type CopiedAssignment = CopiedUser["assignments"][number];

/** In force: the user can use what the assignment enables, and it takes a seat. */
export function isInForce({ state }: Pick<CopiedAssignment, "state">): boolean {
  return state === "Active" || state === "ActiveWithError";
}
