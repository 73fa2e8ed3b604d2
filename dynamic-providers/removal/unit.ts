import { describeFailure, GraphError, isFailure, type GraphFailure } from "../../graph/failure";
import type { BlockReason } from "../../licensing/block-reason";
import type { Guid } from "../../licensing/model";
import type { RefusedRemoval } from "../../licensing/refused-removals";
import type { LicensingWorld } from "../../licensing/replacement";
import { prove, type ReplacementProof } from "../../licensing/replacement-proof";
import { polls } from "../polls";
import { CAUSES, untilWords, waitOrStop, type Row, type RowGraphs } from "../waits";
import { readFreshly } from "./fresh-evidence";
import { UnitLedger, type UnitResult } from "./ledger";
import { readBack } from "./read-back";
import { steadiness } from "./steadiness";

/** What a unit of removal works with, apart from its users. */
export interface UnitContext extends Row, RowGraphs {
  readonly declared: LicensingWorld["declared"];
  readonly catalog: LicensingWorld["catalog"];
  /** The direct assignments that the plan saw and the baseline holds, by user. */
  readonly recorded: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** What Entra has refused before, by user. */
  readonly refused: ReadonlyMap<Guid, readonly RefusedRemoval[]>;
  /** Users of nested groups, by the declared group around them: only for naming the reason. */
  readonly nested: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** How long a plan may be missing after a removal before the direct licence is put back. */
  readonly settleMs: number;
  /** How long a unit waits for a group that Entra is processing again, before the wave halts. */
  readonly steadyMs: number;
}

/** How often a unit reads and decides again while writes are throttled, lost, or meet another write. */
const ATTEMPTS = 20;

/** Where Graph says nothing about how long to wait: another write is under way, or the network is away. */
const PAUSE_MS = 2_000;

/** A wait that is longer than this is for the next run. */
const LONGEST_PAUSE_MS = 10 * 60_000;

/**
 * One unit: read its users again, prove, remove all SKUs of a user in one write, read back. What was not clearly
 * answered is read and decided again, never simply sent again.
 */
export async function removeUnit(userIds: readonly Guid[], context: UnitContext): Promise<UnitResult> {
  const ledger = new UnitLedger(userIds);
  let halt: string | null = null;
  for (let attempt = 1; halt === null && ledger.open().length > 0; attempt += 1) {
    const decided = await decideOnceSteady(ledger, context);
    if (decided.verdict === "halt") {
      halt = decided.reason;
      break;
    }
    const written = await write(decided.proofs, ledger, attempt === ATTEMPTS, context);
    // At once: what was written to must not stay unseen while the unit waits for somebody else, which may take minutes.
    const { pause } = written;
    halt = (await readBack(ledger, pause === null ? "settled" : "all", context)) ?? written.halt;
    if (attempt === ATTEMPTS) break;
    if (halt === null && pause !== null) {
      halt = await waitOrStop(pause.ms, untilWords(pause.what, pause.status, context.host.now() + pause.ms), context);
    }
  }
  const missed = await readBack(ledger, "all", context);
  const reasons = [halt, missed].filter((reason) => reason !== null);
  return ledger.result(reasons.length === 0 ? null : reasons.join(" "));
}

type Decided =
  | { readonly verdict: "go"; readonly proofs: readonly ReplacementProof[] }
  | { readonly verdict: "wait"; readonly reason: string }
  | { readonly verdict: "halt"; readonly reason: string };

/** People join and leave groups all day, and Entra processes a group again each time: that is waited for, not an end. */
async function decideOnceSteady(
  ledger: UnitLedger,
  context: UnitContext,
): Promise<Exclude<Decided, { verdict: "wait" }>> {
  const startedMs = context.host.now();
  const pauses = polls();
  for (;;) {
    const decided = await decide(ledger, context).catch(haltFor);
    if (decided.verdict !== "wait") return decided;
    if (context.host.now() - startedMs >= context.steadyMs) {
      return {
        verdict: "halt",
        reason: `${decided.reason}. Nothing more was removed: run pulumi up again when it is done.`,
      };
    }
    const stop = await waitOrStop(pauses.next().value, decided.reason, context);
    if (stop !== null) return { verdict: "halt", reason: stop };
  }
}

/** A read that fails as a whole ends the unit, not its account: what was written before is still read back and counted. */
function haltFor(error: unknown): Decided {
  if (error instanceof GraphError) return { verdict: "halt", reason: error.message };
  throw error;
}

/** Reads the open users, their memberships and the groups at one time, and proves what may go. */
async function decide(
  ledger: UnitLedger,
  { graph, declared, catalog, recorded, refused, nested }: UnitContext,
): Promise<Decided> {
  const { users, groups, unreadable } = await readFreshly(ledger.open(), declared, graph);
  if (unreadable !== null) {
    return { verdict: "halt", reason: unread("a licensing group", unreadable.groupId, unreadable.failure) };
  }
  const steady = steadiness(declared, groups);
  if (steady.verdict !== "go") return steady;
  const proofs: ReplacementProof[] = [];
  for (const [userId, read] of users) {
    if (isFailure(read)) {
      if (read.kind !== "notFound") return { verdict: "halt", reason: unread("user", userId, read) };
      ledger.gone(userId);
      continue;
    }
    const { user, memberOf } = read;
    const isNested = (id: Guid) => !memberOf.has(id) && nested.get(id)?.has(userId) === true;
    const nestedIn = new Set(declared.map(({ groupId }) => groupId).filter(isNested));
    const { proof, decisions } = prove(
      { user, memberOf, nestedIn },
      { declared, groups, catalog },
      recorded.get(userId) ?? new Set(),
      refused.get(userId),
    );
    ledger.decided(userId, decisions, proof);
    if (proof !== null) proofs.push(proof);
  }
  return { verdict: "go", proofs };
}

/** Sends the writes and sorts their answers: done, to be looked at again, refused, or reason to halt. */
async function write(
  proofs: readonly ReplacementProof[],
  ledger: UnitLedger,
  isLast: boolean,
  { graph }: UnitContext,
): Promise<{ readonly pause: Pause | null; readonly halt: string | null }> {
  const outcomes = await graph.removeDirect(proofs);
  let pause: Pause | null = null;
  let halt: string | null = null;
  for (const proof of proofs) {
    const outcome = outcomes.get(proof.before.id) ?? {
      kind: "failed",
      failure: { kind: "lost", detail: "no outcome" },
    };
    if (outcome.kind === "done") {
      ledger.done(proof);
      continue;
    }
    const next = afterFailure(outcome.failure, isLast);
    if (next.kind === "gone") ledger.gone(proof.before.id);
    if (next.kind === "blocked") ledger.refused(proof, next.reason, next.isFinal);
    if (next.kind === "halt") halt = next.reason;
    if (next.kind === "again") {
      if (next.sent) ledger.unanswered(proof);
      if (next.pause !== null && next.pause.ms > (pause?.ms ?? 0)) pause = next.pause;
    }
  }
  return { pause, halt };
}

/** How long users wait before they are read and decided anew, and what for. */
interface Pause {
  readonly ms: number;
  readonly what: string;
  readonly status: number | null;
}

type Next =
  | { readonly kind: "again"; readonly sent: boolean; readonly pause: Pause | null }
  | { readonly kind: "blocked"; readonly reason: BlockReason; readonly isFinal: boolean }
  | { readonly kind: "gone" }
  | { readonly kind: "halt"; readonly reason: string };

/** What a failed removal of one user means. */
function afterFailure(failure: GraphFailure, isLast: boolean): Next {
  switch (failure.kind) {
    case "lost":
      return { kind: "again", sent: true, pause: null };
    case "throttled":
      return later(failure, { ms: failure.retryAfterMs, what: CAUSES.throttled, status: 429 });
    case "paced":
      return later(failure, { ms: failure.retryAfterMs, what: CAUSES.paced, status: null });
    case "conflict":
      return isLast
        ? { kind: "blocked", reason: { kind: "user-locked" }, isFinal: false }
        : later(failure, { ms: PAUSE_MS, what: "waiting for another write", status: 409 });
    case "notFound":
      return { kind: "gone" };
    case "licenseRule":
      // Somebody else removed it first, or Graph is behind: the next read tells.
      if (failure.rule === "notAssigned" || failure.rule === "onlyInherited") {
        return isLast
          ? refusedWith(failure.message, false)
          : later(failure, { ms: PAUSE_MS, what: "waiting for Graph to see its own writes", status: null });
      }
      return failure.rule === "dependency"
        ? { kind: "blocked", reason: { kind: "dependent-plan", detail: failure.plans.join(", ") }, isFinal: true }
        : refusedWith(failure.message, true);
    case "unexpected":
      return failure.status >= 400 && failure.status < 500
        ? refusedWith(failure.message, failure.status === 400)
        : { kind: "again", sent: true, pause: null };
    case "unavailable":
      return later(failure, {
        ms: failure.retryAfterMs ?? PAUSE_MS,
        what: CAUSES.unavailable,
        status: failure.status,
      });
    case "unreachable":
      // A certificate does not mend itself; a network may.
      return failure.reason === "certificate" || isLast
        ? { kind: "halt", reason: describeFailure(failure) }
        : later(failure, { ms: PAUSE_MS, what: CAUSES.unreachable, status: null });
    case "signIn":
    case "forbidden":
    case "alreadyMember":
    case "pageExpired":
    case "unsupportedQuery":
    case "stopped":
      return { kind: "halt", reason: describeFailure(failure) };
  }
}

/** Waits as long as Graph says, though never for hours with a plan in hand that gets old: then the wave halts. */
function later(failure: GraphFailure, asked: Pause): Next {
  if (asked.ms > LONGEST_PAUSE_MS) return { kind: "halt", reason: describeFailure(failure) };
  return { kind: "again", sent: false, pause: { ...asked, ms: Math.max(asked.ms, PAUSE_MS) } };
}

/** A rule is broken as long as nothing changes, and says so with 400; any other status may be of that moment. */
function refusedWith(message: string, isFinal: boolean): Next {
  return { kind: "blocked", reason: { kind: "refused", detail: message }, isFinal };
}

function unread(what: string, id: Guid, failure: GraphFailure): string {
  // Nobody's fault but the stop's.
  if (failure.kind === "stopped") return failure.reason;
  return `${what} ${id} could not be read right before the removal: ${describeFailure(failure)}`;
}
