import type { Guid } from "../../licensing/model";
import { counted, thousands } from "../../licensing/counts";
import { cutShort, type Row } from "../writing/waits";
import { RefusalStreak } from "../writing/refusal-streak";
import { WaveCoordinator } from "./wave-coordinator";
import { drive } from "./drive";
import type { UnitResult } from "./ledger";
import { Progress } from "./progress";
import { Unit } from "./unit";
import type { UnitContext } from "./unit-context";

/**
 * Users in a unit: few, so that stops are prompt and proofs fresh, but enough to fill batches of 20. Proof and
 * read-back read each user, the memberships and `others` requests: six batches, four at a time; writes are three.
 *
 * @param others reads of a unit that are not about one user
 */
export function usersPerUnit(others: number): number {
  return Math.max(20, 60 - Math.ceil(others / 2));
}

/**
 * A wave halts if more of its users than this have a blocked licence that the plan considered safe: the plan was wrong.
 */
const SURPRISES = { atLeast: 5, share: 0.1 } as const;

/** The context of a run, apart from its users. */
export interface RunContext extends Omit<UnitContext, "reads" | "writes"> {
  readonly usersPerUnit: number;
}

export interface RunResult extends UnitResult {
  /** Number of users in units that have begun. */
  readonly lookedAt: number;
  /** Why it ended early; `null` if it did not. */
  readonly halt: string | null;
}

/**
 * Removes the licences of all users, in small units. Ends early on a stop, when a unit halts, or when too many licences
 * are blocked that the plan considered safe.
 *
 * @param planned SKUs of each user that the plan considered safe
 * @param notNow the reason not to begin at all; `null` to begin
 */
export async function removeAll(
  userIds: readonly Guid[],
  planned: ReadonlyMap<Guid, ReadonlySet<Guid>>,
  context: RunContext,
  notNow: string | null,
): Promise<RunResult> {
  const { host, urn, graph } = context;
  const coordinator = new WaveCoordinator();
  const streaks = { reads: new RefusalStreak(), writes: new RefusalStreak() };
  if (notNow !== null) coordinator.halt(notNow);
  const progress = new Progress(userIds.length, host.now());
  const begun = await drive(unitsOf(userIds, { ...context, ...streaks }, coordinator), coordinator, {
    stopReason: () => host.stopReason(urn),
    // check: a unit without a clear answer ends the wave
    judge: (units) => unanswered(units) ?? tooManySurprises(units, planned),
    done: (units) => {
      const mark = { atMs: host.now(), done: usersIn(units) };
      return host.status(urn, progress.words(mark, blockedIn(units).size, graph.pace(), graph.writesAhead()));
    },
  });
  for (const streak of Object.values(streaks)) {
    if (streak.isOfAll) for (const unit of begun) unit.takeBack(streak.users);
  }
  const result = merged(begun.map((unit) => unit.result()));
  return {
    ...result,
    // Granting the permission changes nothing about these users, so a recorded refusal would keep them blocked for
    // good.
    refused: result.refused.filter(({ userId }) => !streaks.writes.unclear.has(userId)),
    lookedAt: usersIn(begun),
    halt: haltReason(begun, coordinator),
  };
}

/** Each reason once, in its last place, because the remedy follows it. */
function haltReason(begun: readonly Unit[], coordinator: WaveCoordinator): string | null {
  const first = coordinator.halted();
  if (first === null) return null;
  const ofUnits = begun.flatMap(({ reasons }) => reasons);
  const reasons = ofUnits.includes(first) ? ofUnits : [...ofUnits, first];
  return reasons.filter((reason, at) => reasons.lastIndexOf(reason) === at).join(" ");
}

function unitsOf(
  userIds: readonly Guid[],
  context: RunContext & UnitContext,
  coordinator: WaveCoordinator,
): readonly Unit[] {
  const row: Row = { host: context.host, urn: context.urn, halted: () => coordinator.halted() };
  const ofUnit = { ...context, ...row, graph: cutShort(context.graph, row) };
  const size = context.usersPerUnit;
  return Array.from(
    { length: Math.ceil(userIds.length / size) },
    (_, at) => new Unit(userIds.slice(at * size, (at + 1) * size), ofUnit, coordinator),
  );
}

function merged(results: readonly UnitResult[]): UnitResult {
  return {
    removed: results.flatMap((each) => each.removed),
    blocked: results.flatMap((each) => each.blocked),
    refused: results.flatMap((each) => each.refused),
    pending: results.flatMap((each) => each.pending),
    gone: results.flatMap((each) => each.gone),
    owed: results.flatMap((each) => each.owed),
  };
}

function usersIn(units: readonly Unit[]): number {
  return units.reduce((sum, { userIds }) => sum + userIds.length, 0);
}

function blockedIn(units: readonly Unit[]): ReadonlySet<Guid> {
  return new Set(units.flatMap((unit) => unit.result().blocked.map(({ userId }) => userId)));
}

/** A unit gives up on users without a clear answer; their licences stay pending. */
function unanswered(units: readonly Unit[]): string | null {
  const users = new Set(
    units
      .at(-1)
      ?.result()
      .pending.map(({ userId }) => userId),
  ).size;
  if (users === 0) return null;
  return `Graph gave no clear answer for ${counted(users, "user")}, again and again. Run pulumi up again later.`;
}

/** Foreseen blocks do not count: a user may have one safe licence and one blocked one. */
function tooManySurprises(units: readonly Unit[], planned: ReadonlyMap<Guid, ReadonlySet<Guid>>): string | null {
  const done = usersIn(units);
  const blocked = units.flatMap((unit) => unit.result().blocked);
  // check: what the plan foresaw is no surprise, licence by licence
  const surprises = blocked.filter(({ userId, skuId }) => planned.get(userId)?.has(skuId) === true);
  const surprised = new Set(surprises.map(({ userId }) => userId)).size;
  const limit = Math.max(SURPRISES.atLeast, Math.ceil(done * SURPRISES.share));
  // check: a wave with too many surprises halts
  if (surprised <= limit) return null;
  return (
    `${counted(surprised, "user")} of the first ${thousands(done)} have a licence that is blocked and that the plan thought safe ` +
    `(the limit is ${limit}): the tenant has changed since the plan. Run pulumi preview to see how, then pulumi up.`
  );
}
