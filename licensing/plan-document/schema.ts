import { z } from "zod";

/** Format version of `plan.json`. New fields keep it; a field with a changed meaning raises it. */
export const PLAN_DOCUMENT_VERSION = 1;

const id = z.string().describe("An object id or a skuId, in lower case");
const sku = z.string().describe("The skuPartNumber; the skuId of a SKU that the tenant no longer lists");
const count = z.int().min(0);
const at = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .describe("A moment, in UTC");
const bySku = z.record(z.string(), count).describe("Direct assignments, by skuPartNumber");
const userIds = z.array(id).describe("In order of id");

const verdict = z.strictObject({
  word: z
    .enum(["safe", "nothing-to-do", "needs-a-look", "stops"])
    .describe(
      "stops: `pulumi up` ends in its preview. needs-a-look: it goes through, and leaves something that needs attention",
    ),
  label: z.string().describe("The same in words, such as `Safe to apply`"),
  summary: z.string().describe("What the run does, and what it leaves, in a line"),
});

const refusal = z.strictObject({
  about: z.string().describe("A group, a wave or a rule by its name; empty for the run as a whole"),
  message: z.string().describe("What is refused, why, and the ways out"),
});

const holders = z
  .strictObject({
    direct: count.describe("Assigned to the user alone"),
    both: count.describe("Assigned to the user and inherited"),
    inherited: count.describe("Inherited alone"),
    blocked: count.describe("Assigned to the user, and stays so until the cause is mended"),
  })
  .describe("Users that hold the SKU, each counted once");

const heldSku = z.strictObject({
  id,
  name: sku,
  product: z.string().nullable().describe("The name in the admin center, where it is known"),
  seats: z.strictObject({ total: count, used: count }),
  subscription: z.string().describe("How it stands, such as Enabled, Warning or Suspended"),
  now: holders,
  after: holders.nullable().describe("After this `up`, if all goes as planned; null when it is refused"),
});

const group = z.strictObject({
  name: z.string().describe("The logical name"),
  id: id.nullable().describe("null: this `up` makes the group"),
  displayName: z.string(),
  members: count.describe("First-level members, with the users that this `up` adds"),
  joining: count.describe("Users that this `up` adds"),
  gives: z.array(
    z.strictObject({
      sku,
      disabledPlans: z.array(z.string()),
      replaces: z.array(sku).default([]).describe("SKUs that lose their direct licences for it"),
      change: z.enum(["assign", "change-plans"]).nullable().describe("What this `up` does to the group; null: nothing"),
      newHolders: count.describe("Members that do not hold the SKU in any way today"),
    }),
  ),
  takenOff: z
    .array(
      z.strictObject({
        sku,
        disabledPlans: z.array(z.string()),
        afterGate: z.boolean().default(false).describe("Only when every member is verified to keep its plans"),
        inOneCall: z
          .boolean()
          .default(false)
          .describe("In the call that adds what excludes it: not proven for a member before, and read back after"),
      }),
    )
    .default([])
    .describe(
      "What this `up` takes off the group: given by it before and no longer declared, or named by removeLicenses or swapInOneCall",
    ),
  readsBack: z
    .array(sku)
    .default([])
    .describe("What an interrupted run took off the group: this `up` reads every member back"),
  nested: z.array(z.strictObject({ id, displayName: z.string(), users: count })),
  errors: z
    .array(z.strictObject({ words: z.string(), users: count }))
    .describe("Members that lack a licence of the group today, by what is wrong"),
});

const groupMove = z.strictObject({
  from: z.string().describe("Display name of the group that users leave; in a rollback they go back to it"),
  to: z.string(),
  users: count.describe("Users to move, in a rollback to move back"),
  joining: count.describe("Of these, users that are added to the new group first"),
  seats: z
    .array(z.strictObject({ sku, needed: count, free: count }))
    .describe("Free seats that the wave takes: its peak, because users hold both licences until they have left"),
  movedBefore: count.describe("Users that earlier runs have moved"),
  stay: z.array(z.strictObject({ words: z.string(), users: count })).describe("Users that stay, by reason"),
  userIds,
});

const wave = z.strictObject({
  name: z.string(),
  takes: z.string().describe("The users that it takes, in words"),
  mode: z.enum(["remove", "restore"]).describe("restore: a rollback"),
  state: z
    .enum(["runs", "waits", "done", "refused"])
    .describe("runs: this `up` does it. waits: `hold` says for what. done: nothing is left to do"),
  hold: z.string().nullable(),
  doneAt: at.nullable().describe("When it was done for the first time"),
  soakMs: count.describe("How long the next wave waits after it, in milliseconds"),
  startsAt: at.describe("When it was done, or the earliest moment at which it may run"),
  maxBlocked: count.nullable(),
  planned: bySku.describe("What is to be removed, or put back by a rollback, now or when its time has come"),
  plannedUsers: count,
  blockedUsers: count,
  mayLackSeat: count
    .default(0)
    .describe("How many of `plannedUsers` may turn out blocked, because there are too few free seats"),
  successions: z
    .record(z.string(), count)
    .default({})
    .describe(
      "Users that keep a plan only as its successor, such as `EXCHANGE_S_ENTERPRISE in place of EXCHANGE_S_STANDARD`",
    ),
  swaps: z
    .record(z.string(), count)
    .default({})
    .describe(
      "Users whose call adds a licence directly while it removes the one that excludes it, such as `STANDARDPACK for a direct ENTERPRISEPACK`",
    ),
  takesBack: bySku
    .default({})
    .describe("Direct licences that swaps had added, and that the calls of a rollback remove"),
  movedBefore: bySku.describe("What earlier runs have removed"),
  assignments: z
    .array(z.strictObject({ sku, disabledPlans: z.array(z.string()), userIds }))
    .describe("The users of `planned`; `disabledPlans` are those of a licence that is put back"),
  moves: z.array(groupMove).default([]).describe("Members that go from group to group, by licensing:moves"),
});

const blocked = z.strictObject({
  users: count.describe("Users with a direct assignment that stays"),
  moves: z
    .strictObject({
      whole: count.describe("Users that lose every direct assignment, in this run or a later wave"),
      inPart: count.describe("Some go, and some are blocked"),
      notAtAll: count.describe("All that remain are blocked"),
    })
    .describe("Users by how much of what they hold directly the waves are to remove"),
  reasons: z.array(z.strictObject({ kind: z.string(), sku, words: z.string(), remedy: z.string(), users: count })),
  assignments: z
    .array(
      z.strictObject({
        userId: id,
        wave: z.string().nullable().describe("null: no wave takes the user"),
        reason: count.describe("Which of `reasons`, from 0"),
      }),
    )
    .describe("Direct assignments that stay"),
});

const finding = z.strictObject({
  code: z.string(),
  severity: z.enum(["error", "warning", "note"]),
  about: z.string(),
  count,
  message: z.string(),
  remedy: z.string(),
  userIds,
});

/** The plan of one run as data. `entra-licensing plan` writes it as `plan.json` and makes its other files from it. */
export const planDocumentSchema = z
  .strictObject({
    version: z.literal(PLAN_DOCUMENT_VERSION),
    stack: z.string(),
    tenant: z.string().nullable().describe("As the stack file names it"),
    plannedAt: at,
    verdict,
    predicted: z.boolean().describe("Made before the groups have their licences, against what they are going to give"),
    applyThrough: z.string().nullable(),
    users: count.describe(
      "Users in scope: members of the groups, and holders of a SKU that the file gives or replaces, or that is on record",
    ),
    refusals: z.array(refusal),
    skus: z.array(heldSku),
    groups: z.array(group),
    waves: z.array(wave),
    inNoWave: count.describe("Users with something to move that no wave takes"),
    blocked,
    acceptedLosses: z
      .array(z.strictObject({ group: z.string(), plan: z.string(), users: count }))
      .describe("Members that lose a plan in this `up`, as licensing:acceptLoss allows"),
    acceptedSuccessors: z
      .array(z.strictObject({ plan: z.string(), by: z.string(), users: count }))
      .default([])
      .describe("Users that keep a plan only as another one in this `up`, as licensing:successors allows"),
    findings: z.array(finding),
    drift: z
      .strictObject({
        returned: z.array(
          z.strictObject({
            userId: id,
            sku,
            at: z.string().nullable().describe("When it came back; null: unknown"),
            actor: z
              .string()
              .nullable()
              .describe("The person or app that assigned it, by the audit log; null: it gives no name"),
            doubt: z
              .enum(["late", "cut", "unnamed"])
              .nullable()
              .describe("Why `actor` is not sure: a record may be late, was not read, or gives no name"),
          }),
        ),
        auditGap: z.string().nullable().describe("Why the audit log does not tell all of it"),
      })
      .describe("Direct licences that came back on moved users"),
    addedPlans: z
      .array(z.strictObject({ group: z.string(), sku, plan: z.string(), members: count }))
      .describe("Plans that Microsoft added to SKUs of the groups since the last `up`"),
    undeclared: z
      .array(z.strictObject({ group: z.string(), licence: z.string(), members: count }))
      .describe("Licences of the groups that the stack file does not declare; they stay"),
    covered: z
      .array(
        z.strictObject({
          sku,
          by: z.array(sku).describe("What gives all of it: one SKU, or several together"),
          group: z.string().describe("The group of the first of `by`"),
          users: count,
          seats: count.describe("How many of them have no other source of the SKU, so that their seat would be free"),
          write: z.string().describe("What takes it up: the `replaces` to write, and where"),
          userIds,
        }),
      )
      .default([])
      .describe("Direct licences that the groups give already and that no wave takes"),
    debts: z
      .array(z.strictObject({ userId: id, sku, why: z.string() }))
      .default([])
      .describe(
        "Direct licences that users are owed: this `up` gives them back before anything else, and removes nothing",
      ),
    departures: userIds.describe("Users on record that have left their group since"),
    lacking: z
      .array(z.strictObject({ plans: z.array(z.string()), userIds }))
      .default([])
      .describe(
        "Of `departures`, users that lack plans of their licences on record now, or were deleted; without acknowledged ones",
      ),
    warnings: z.array(z.string()),
    names: z
      .record(z.string(), z.string())
      .nullable()
      .describe(
        "Display name and user principal name of the users in this document, by id; null without licensing:showNames and --names",
      ),
  })
  .meta({ title: "The plan of a run of entra-group-licensing" });

export type PlanDocument = z.infer<typeof planDocumentSchema>;
