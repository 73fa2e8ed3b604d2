import { describeFailure, isFailure, quoteGraph } from "../../graph/client/failure";
import { REQUESTS_PER_BATCH } from "../../graph/client/limits";
import type { WriteReservation } from "../../graph/tenant-graph";
import { counted, thousands } from "../../licensing/counts";
import { licensesDigest } from "../../licensing/decision/refused-removals";
import { proveLeaving, type LeaveProof } from "../../licensing/decision/leave-proof";
import type { Guid } from "../../licensing/model";
import { readFreshly, type FreshEvidence } from "../removal/fresh-evidence";
import { afterFailure } from "../removal/after-failure";
import { steadiness } from "../removal/steadiness";
import { PROOF_LASTS_MS, UNIT_ATTEMPTS } from "../writing/limits";
import { polls } from "../writing/polls";
import { isDoubtful, RefusalStreak } from "../writing/refusal-streak";
import { formatUntil, waitOrStop } from "../writing/waits";
import type { MoveAccount } from "./account";
import type { MoveContext } from "./move-context";

/** What is done after a unit; returns why to halt, such as a plan that had to be repaired, or `null` to go on. */
export type AfterUnit = (userIds: readonly Guid[]) => Promise<string | null>;

/** Shared by all units: they tell one user's failure from one of all users. */
interface Streaks {
  readonly reads: RefusalStreak;
  readonly writes: RefusalStreak;
}

/**
 * Takes users out of the group that they leave, in units of one batch: read, prove, remove, look. A removal without a
 * clear answer is read and decided again, never just repeated.
 *
 * @returns why it halted; `null` if each user has an answer
 * @throws {GraphError} if a read fails as a whole
 */
export async function leaveAll(
  userIds: readonly Guid[],
  context: MoveContext,
  account: MoveAccount,
  afterUnit: AfterUnit,
): Promise<string | null> {
  const streaks: Streaks = { reads: new RefusalStreak(), writes: new RefusalStreak() };
  try {
    return await leaveInUnits(userIds, context, account, afterUnit, streaks);
  } finally {
    // check: users that were refused while no write succeeded are tried again: the app may lack the permission
    for (const userId of streaks.writes.unclear) account.refused.delete(userId);
  }
}

async function leaveInUnits(
  userIds: readonly Guid[],
  context: MoveContext,
  account: MoveAccount,
  afterUnit: AfterUnit,
  streaks: Streaks,
): Promise<string | null> {
  const { host, urn, leave } = context;
  for (let at = 0; at < userIds.length; at += REQUESTS_PER_BATCH) {
    // check: a request to stop, or a dead engine, ends a move between units
    const stop = await host.stopReason(urn);
    if (stop !== null) return stop;
    const unit = userIds.slice(at, at + REQUESTS_PER_BATCH);
    let halt: string | null = null;
    try {
      halt = await leaveUnit(unit, context, account, streaks);
    } finally {
      // Even if the write was interrupted: a user may be without a service.
      // check: users that left a group are looked at right after the write
      halt = (await afterUnit(unit)) ?? halt;
    }
    if (halt !== null) return halt;
    const done = thousands(Math.min(at + unit.length, userIds.length));
    await host.status(urn, `${done} of ${counted(userIds.length, "user")} looked at, to leave ${leave.displayName}`);
  }
  return null;
}

async function leaveUnit(
  unit: readonly Guid[],
  context: MoveContext,
  account: MoveAccount,
  streaks: Streaks,
): Promise<string | null> {
  for (let attempt = 1; account.open(unit).length > 0; attempt += 1) {
    const decided = await decideOnceSteady(unit, context, account, streaks);
    if ("halt" in decided) return decided.halt;
    try {
      if (decided.proofs.length === 0) continue;
      const next = await send(decided, context, account, streaks, attempt);
      if (next.halt !== null) return next.halt;
      if (account.open(unit).length === 0) return null;
      if (attempt === UNIT_ATTEMPTS) {
        return `Graph gave no clear answer for ${counted(account.open(unit).length, "user")}, again and again. Run pulumi up again later.`;
      }
      const stop = await waitOrStop(next.pauseMs, next.text, context);
      if (stop !== null) return stop;
    } finally {
      decided.room.release();
    }
  }
  return null;
}

interface Proven {
  readonly proofs: readonly LeaveProof[];
  /** For the writes of these proofs. The caller releases it. */
  readonly room: WriteReservation;
  readonly isGood: () => boolean;
}

/** Entra processes the groups again after each change of members, so this waits for it instead of halting. */
async function decideOnceSteady(
  unit: readonly Guid[],
  context: MoveContext,
  account: MoveAccount,
  streaks: Streaks,
): Promise<Proven | { readonly halt: string }> {
  const { graph, host, declared, leave, asksEnds, successors, timeouts } = context;
  const untilSteadyMs = host.now() + timeouts.inheritanceMs;
  const pauses = polls();
  // What the old group gives does not count, so it may be in processing.
  const giving = declared.filter(({ groupId }) => groupId !== leave.groupId);
  for (;;) {
    // Proofs must not grow old in a wait for the quota.
    const room = await graph.reserveWrites(account.open(unit).length, context.all);
    let isKept = false;
    try {
      const untilMs = host.now() + PROOF_LASTS_MS;
      const fresh = await readFreshly(account.open(unit), declared, graph, asksEnds, successors);
      if (fresh.unreadable !== null) {
        const { what, failure } = fresh.unreadable;
        return {
          halt: `${what} could not be read right before a user left ${leave.displayName}: ${describeFailure(failure)}`,
        };
      }
      const steady = steadiness(giving, fresh.groups);
      if (steady.verdict === "fail") return { halt: steady.reason };
      if (steady.verdict === "pass") {
        const proven = proveAll(account.open(unit), fresh, context, account, streaks);
        if ("halt" in proven) return proven;
        isKept = true;
        // check: the proof that a user may leave gets old
        return { ...proven, room, isGood: () => host.now() <= untilMs };
      }
      if (host.now() >= untilSteadyMs) return { halt: `${steady.reason}. Run pulumi up again when it is done.` };
    } finally {
      if (!isKept) room.release();
    }
    const stop = await waitOrStop(pauses.next().value, "waiting for Entra to process the groups", context);
    if (stop !== null) return { halt: stop };
  }
}

function proveAll(
  userIds: readonly Guid[],
  { users, groups, catalog }: FreshEvidence,
  { declared, leave, join, accepts, mayLose, mustKeep }: MoveContext,
  account: MoveAccount,
  { reads }: Streaks,
): { readonly proofs: readonly LeaveProof[] } | { readonly halt: string } {
  const proofs: LeaveProof[] = [];
  for (const userId of userIds) {
    const read = users.get(userId) ?? { kind: "notFound", id: userId };
    if (isFailure(read)) {
      if (read.kind === "notFound") account.gone.add(userId);
      else if (read.kind === "forbidden" || read.kind === "unexpected") {
        const halt = reads.failed(userId, read);
        if (halt !== null) return { halt };
        account.blocked.set(userId, { kind: "unreadable", detail: quoteGraph(read) });
      } else return { halt: describeFailure(read) };
      continue;
    }
    reads.success();
    // check: a user that is out of the old group is not taken out again
    if (!read.memberOf.has(leave.groupId)) {
      account.isOut(userId);
      continue;
    }
    const keep = mustKeep(userId);
    const leaving = { leave, join, mayLose, ...(keep && { mustKeep: keep }) };
    const world = { declared, groups, catalog, accepts };
    const { proof, decision } = proveLeaving({ ...read, nestedIn: NONE }, world, leaving);
    if (proof !== null) proofs.push(proof);
    else if (decision.verdict !== "leave") account.blocked.set(userId, decision.reason);
  }
  return { proofs };
}

const NONE: ReadonlySet<Guid> = new Set();

async function send(
  { proofs, room, isGood }: Proven,
  { graph, host }: MoveContext,
  account: MoveAccount,
  { writes }: Streaks,
  attempt: number,
): Promise<{ readonly halt: string | null; readonly pauseMs: number; readonly text: string | null }> {
  writes.newBatch();
  let halt: string | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  let text: string | null = null;
  const outcomes = await graph.removeMembers(proofs, room, isGood);
  for (const { userId, had, before } of proofs) {
    const outcome = outcomes.get(userId);
    if (outcome?.kind === "done") {
      account.moved.set(userId, had);
      writes.success();
      continue;
    }
    const failure = outcome?.failure ?? LOST;
    // No member, or no longer there: the next read tells which.
    if (failure.kind === "notFound") {
      account.unanswered(userId, had);
      continue;
    }
    const next = afterFailure(failure, attempt === UNIT_ATTEMPTS);
    // check: a removal from a group that may have been done is read back, also if it ends the move
    if ("sent" in next && next.sent) account.unanswered(userId, had);
    if (next.kind === "blocked") {
      account.blocked.set(userId, { kind: "refused", detail: quoteGraph(failure) });
      if (next.isFinal) account.refused.set(userId, licensesDigest(before));
      // Counted also when the unit halts already.
      const ofAll = isDoubtful(failure) ? writes.failed(userId, failure) : null;
      // check: a refusal that all users share keeps no user in the old group
      if (ofAll !== null) account.takeBack(writes.users);
      halt ??= ofAll;
    }
    if (next.kind === "halt") halt ??= next.reason;
    if (next.kind === "again" && next.pause !== null && next.pause.ms > pauseMs) {
      pauseMs = next.pause.ms;
      text = formatUntil(next.pause.what, next.pause.status, host.now() + pauseMs);
    }
  }
  return { halt, pauseMs, text };
}

const LOST = { kind: "lost", detail: "no outcome" } as const;

/** Before a unit is read and decided again. */
const FIRST_PAUSE_MS = 500;
