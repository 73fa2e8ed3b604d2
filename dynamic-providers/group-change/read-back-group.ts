import { describeFailure, failureOf, GraphError, isFailure, type GraphFailure } from "../../graph/client/failure";
import { REQUESTS_PER_BATCH } from "../../graph/client/limits";
import type { LicenseWrites } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import type { Successor } from "../../licensing/catalog/successors";
import { counted, thousands, type CountsByName } from "../../licensing/counts";
import type { DeclaredGroup } from "../../licensing/declaration";
import type { ResolvedLoss } from "../../licensing/loss/loss";
import { afterTakeOff, type AfterTakeOff } from "../../licensing/loss/after-take-off";
import { afterSwap } from "../../licensing/loss/after-swap";
import type { Guid, License, LicensedUser, Removal } from "../../licensing/model";
import { BY_ID, usersShown } from "../../licensing/people";
import type { Debt } from "../../licensing/record/debts-on-record";
import type { Timeouts } from "../../licensing/stack-file/stack-file";
import { readFreshly } from "../removal/fresh-evidence";
import { polls } from "../writing/polls";
import { waitOrStop, waitToTheEnd, type Row, type RowGraphs } from "../writing/waits";
import { giveDirectly, NOTHING_GIVEN, type Given } from "./give-directly";
import type { Holders } from "./holders";

export interface ReadBackContext extends Row, RowGraphs {
  /** The group whose entries go. */
  readonly group: DeclaredGroup;
  /** A move: the group that the users are in now. They lack a plan even where they are no longer in it. */
  readonly joined?: DeclaredGroup;
  /** A swap in one call: SKUs that the same call added to the group. */
  readonly swappedFor?: readonly Guid[];
  readonly accepted: readonly ResolvedLoss[];
  readonly successors: readonly Successor[];
  readonly timeouts: Timeouts;
}

export interface GroupReadBack {
  /** Licences assigned directly to members that lacked a plan, by SKU. */
  readonly restored: CountsByName;
  /** The same, user by user. */
  readonly given: readonly Removal[];
  /** Users whose entry was not seen gone. */
  readonly unread: readonly Guid[];
  readonly owed: readonly Omit<Debt, "at">[];
  readonly unfinished: readonly string[];
  /** True if every member has been read back, or repaired. */
  readonly isRead: boolean;
}

type Seen = AfterTakeOff | { readonly kind: "unread"; readonly failure: GraphFailure };

/**
 * Reads back every member that had a SKU which went off the group, until its entry is gone. A plan that is missing, and
 * still missing after the settling time, is given back at once by a direct assignment. Only waits can be stopped.
 */
export async function readBackGroup(holders: Holders, context: ReadBackContext): Promise<GroupReadBack> {
  const { host, group, toTheEnd, timeouts } = context;
  const open = new Map(holders);
  const untilMs = host.now() + timeouts.processingMs;
  const pauses = polls();
  let given: Given = NOTHING_GIVEN;
  while (open.size > 0) {
    const catalog = new Catalog(await toTheEnd.subscribedSkus(), context.successors);
    const seen = await look(await inDoubt(open, catalog, context), catalog, context);
    drop(open, seen);
    const { again, given: more } = await giveWhatLacks(open, seen, "member", catalog, context);
    drop(open, again);
    given = given.and(more);
    for (const userId of more.userIds) open.delete(userId);
    if (open.size === 0) break;
    const members = `${counted(open.size, "member")} (${usersShown(open.keys(), BY_ID)})`;
    const unread = [...seen.values()].find((each) => each.kind === "unread");
    const still =
      unread === undefined
        ? `${context.swappedFor === undefined ? "Graph still shows it for" : "it has not reached"} ${members}`
        : `${members} could not be read: ${describeFailure(unread.failure)}`;
    const left = thousands(holders.size - open.size);
    const text = `${group.displayName}: ${left} of ${counted(holders.size, "member")} read back`;
    const stop = host.now() >= untilMs ? "it took too long" : await waitOrStop(pauses.next().value, text, context);
    if (stop !== null) return result(given, [formatOpen(`${still}; ${stop}`, context)], [...open.keys()], context);
  }
  return result(given, [], [], context);
}

/**
 * One look at users whose entries go, right after the write: what stays gives every plan, or the licence is assigned
 * directly at once. Whether Entra has removed the entries yet does not matter.
 */
export async function repairNow(holders: Holders, context: ReadBackContext): Promise<GroupReadBack> {
  const catalog = new Catalog(await context.toTheEnd.subscribedSkus(), context.successors);
  const seen = await look(holders, catalog, context);
  const { given } = await giveWhatLacks(holders, seen, "user", catalog, context);
  return result(given, [], [], context);
}

/** A plan that is missing is looked for again after the settling time, and then given back by a direct assignment. */
async function giveWhatLacks(
  holders: Holders,
  seen: ReadonlyMap<Guid, Seen>,
  noun: "member" | "user",
  catalog: Catalog,
  context: ReadBackContext,
): Promise<{ readonly again: ReadonlyMap<Guid, Seen>; readonly given: Given }> {
  const lacking = new Map([...holders].filter(([userId]) => seen.get(userId)?.kind === "lacks"));
  if (lacking.size === 0) return { again: new Map(), given: NOTHING_GIVEN };
  await waitToTheEnd(context.timeouts.settleMs, `${counted(lacking.size, noun)} may lack a plan`, context);
  const again = await look(lacking, catalog, context);
  return { again, given: await giveDirectly(again, catalog, context) };
}

function formatOpen(why: string, { group, joined }: ReadBackContext): string {
  return joined === undefined
    ? `What went off ${group.displayName} is not read back to the end: ${why}. Run pulumi up again: it goes on there.`
    : `Users that left ${group.displayName} are not read back to the end: ${why}. Run pulumi up again: it goes on there.`;
}

function drop(open: Map<Guid, unknown>, seen: ReadonlyMap<Guid, Seen>): void {
  for (const [userId, { kind }] of seen) if (kind === "kept" || kind === "left") open.delete(userId);
}

function result(
  { bySku, pairs, owed, lines }: Given,
  open: readonly string[],
  unread: readonly Guid[],
  { group, joined }: ReadBackContext,
): GroupReadBack {
  const what = joined === undefined ? `the change of ${group.displayName}` : `leaving ${group.displayName}`;
  const repaired = lines.map((line) => `A plan was missing after ${what}: ${line}`);
  const unfinished = [...repaired, ...open];
  return { restored: bySku, given: pairs, owed, unfinished, unread, isRead: open.length === 0 };
}

/**
 * The members to read by id now. The list saves reads: what it shows as done was read after the write. While Entra is at
 * work on the group, only members that the list shows without a plan are read; afterwards all that are left.
 */
async function inDoubt(
  open: Map<Guid, readonly License[]>,
  catalog: Catalog,
  context: ReadBackContext,
): Promise<Holders> {
  const { toTheEnd, group, joined = group } = context;
  if (open.size <= REQUESTS_PER_BATCH) return open;
  const lacking = new Map<Guid, readonly License[]>();
  const listed = new Set<Guid>();
  try {
    for await (const page of toTheEnd.memberPages(joined.groupId, new Map())) {
      for (const user of page) {
        listed.add(user.id);
        const had = open.get(user.id);
        if (had === undefined) continue;
        const { kind } = judged(user, had, catalog, context);
        if (kind === "kept") open.delete(user.id);
        if (kind === "lacks") lacking.set(user.id, had);
      }
    }
    // A moved user that is not in the list may have been taken out of the new group.
    if (joined !== group) for (const [userId, had] of open) if (!listed.has(userId)) lacking.set(userId, had);
    const now = await toTheEnd.group(group.groupId);
    return now === null || now.processingState === "ProcessingComplete" ? open : lacking;
  } catch (error) {
    if (error instanceof GraphError) return open;
    throw error;
  }
}

/**
 * Each user by id, and the membership of those that lack a plan: a user that left the group lost it by that. After a
 * swap also of those that are waited for: nothing comes to a user that left.
 */
async function look(holders: Holders, catalog: Catalog, context: ReadBackContext): Promise<ReadonlyMap<Guid, Seen>> {
  const { toTheEnd, group, joined, swappedFor } = context;
  const seen = new Map<Guid, Seen>();
  const ids = [...holders.keys()];
  const users = await toTheEnd.users(ids).catch(failureOf);
  for (const userId of ids) {
    const user = "kind" in users ? users : (users.get(userId) ?? NO_ANSWER);
    if (isFailure(user))
      seen.set(userId, user.kind === "notFound" ? { kind: "left" } : { kind: "unread", failure: user });
    else seen.set(userId, judged(user, holders.get(userId) ?? [], catalog, context));
  }
  if (joined === undefined) {
    const isAsked = ({ kind }: Seen) => kind === "lacks" || (kind === "still" && swappedFor !== undefined);
    const asked = [...seen].flatMap(([userId, each]) => (isAsked(each) ? [userId] : []));
    for (const userId of await departed(asked, toTheEnd, group)) seen.set(userId, { kind: "left" });
    return seen;
  }
  const keeping = ids.filter((userId) => ["kept", "still"].includes(seen.get(userId)?.kind ?? ""));
  for (const userId of await departed(keeping, toTheEnd, joined)) {
    const user = "kind" in users ? users : (users.get(userId) ?? NO_ANSWER);
    if (isFailure(user)) continue;
    // check: a moved user that is taken out of the new group is judged without its licences
    const assignments = user.assignments.filter(({ assignedByGroup }) => assignedByGroup !== joined.groupId);
    seen.set(userId, judged({ ...user, assignments }, holders.get(userId) ?? [], catalog, context));
  }
  return seen;
}

function judged(
  user: LicensedUser,
  had: readonly License[],
  catalog: Catalog,
  { group, swappedFor, accepted }: ReadBackContext,
): AfterTakeOff {
  return swappedFor === undefined
    ? afterTakeOff(user, had, group, accepted, catalog)
    : afterSwap(user, had, swappedFor, group, accepted, catalog);
}

/** In doubt a user counts as a member: a licence more takes nothing from anyone. */
async function departed(
  userIds: readonly Guid[],
  graph: LicenseWrites,
  group: DeclaredGroup,
): Promise<readonly Guid[]> {
  const gone: Guid[] = [];
  for (let at = 0; at < userIds.length; at += REQUESTS_PER_BATCH) {
    const some = userIds.slice(at, at + REQUESTS_PER_BATCH);
    const fresh = await readFreshly(some, [group], graph, false, []).catch(failureOf);
    if ("kind" in fresh) continue;
    for (const [userId, read] of fresh.users) {
      if (isFailure(read) ? read.kind === "notFound" : !read.memberOf.has(group.groupId)) gone.push(userId);
    }
  }
  return gone;
}

const NO_ANSWER = { kind: "unseen", detail: "No answer came to the read of this user" } as const;
