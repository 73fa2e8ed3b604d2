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
 * Users of one unit: few, so that a stop comes soon and a proof is young, and as many as fill whole batches of 20. The proof
 * asks for each user, each user's memberships, and some things besides (the groups, who leaves them, the SKUs): six batches, four at a time; the writes are three, and the
 * read back asks for the same as the proof.
 */
export function usersPerUnit(others: number): number {
  return Math.max(20, 60 - Math.ceil(others / 2));
}

/** A wave halts when for more of its users than this a licence turns out blocked that the plan thought safe: the plan was wrong. */
const SURPRISES = { atLeast: 5, share: 0.1 } as const;

/** What a run works with, apart from its users. */
export interface RunContext extends Omit<UnitContext, "reads" | "writes"> {
  readonly usersPerUnit: number;
}

export interface RunResult extends UnitResult {
  /** Users of the units that were begun. */
  readonly lookedAt: number;
  /** Why it ended early; `null` when it did not. */
  readonly halt: string | null;
}

/**
 * Removes from all of them, in small units. Ends early with a reason when somebody asks for it, when a unit halts, or when too
 * many users are not what the plan took them for.
 *
 * @param planned the SKUs of each user that the plan thought safe
 * @param notNow why not even the first unit may begin; `null`: it may
 */
export async function removeAll(
  userIds: readonly Guid[],
  planned: ReadonlyMap<Guid, ReadonlySet<Guid>>,
  context: RunContext,
  notNow: string | null,
): Promise<RunResult> {
  const { host, urn, graph } = context;
  const convoy = new WaveCoordinator();
  const streaks = { reads: new RefusalStreak(), writes: new RefusalStreak() };
  if (notNow !== null) convoy.halt(notNow);
  const progress = new Progress(userIds.length, host.now());
  const begun = await drive(unitsOf(userIds, { ...context, ...streaks }, convoy), convoy, {
    stopReason: () => host.stopReason(urn),
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
    // Once the permission is granted, nothing about these users has changed: so it must not keep them blocked.
    refused: result.refused.filter(({ userId }) => !streaks.writes.unclear.has(userId)),
    lookedAt: usersIn(begun),
    halt: haltReason(begun, convoy),
  };
}

/** Each reason once; what to do about several stands behind the last of them. */
function haltReason(begun: readonly Unit[], convoy: WaveCoordinator): string | null {
  const first = convoy.halted();
  if (first === null) return null;
  const ofUnits = begun.flatMap(({ reasons }) => reasons);
  const reasons = ofUnits.includes(first) ? ofUnits : [...ofUnits, first];
  return reasons.filter((reason, at) => reasons.lastIndexOf(reason) === at).join(" ");
}

function unitsOf(
  userIds: readonly Guid[],
  context: RunContext & UnitContext,
  convoy: WaveCoordinator,
): readonly Unit[] {
  const row: Row = { host: context.host, urn: context.urn, halted: () => convoy.halted() };
  const ofUnit = { ...context, ...row, graph: cutShort(context.graph, row) };
  const size = context.usersPerUnit;
  return Array.from(
    { length: Math.ceil(userIds.length / size) },
    (_, at) => new Unit(userIds.slice(at * size, (at + 1) * size), ofUnit, convoy),
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

/** A unit gives up on users whom it cannot get a clear answer for; what it could not do is not done. */
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

/** What the plan foresaw is no surprise: a user may have one licence that is safe and another that is not. */
function tooManySurprises(units: readonly Unit[], planned: ReadonlyMap<Guid, ReadonlySet<Guid>>): string | null {
  const done = usersIn(units);
  const blocked = units.flatMap((unit) => unit.result().blocked);
  const surprises = blocked.filter(({ userId, skuId }) => planned.get(userId)?.has(skuId) === true);
  const surprised = new Set(surprises.map(({ userId }) => userId)).size;
  const limit = Math.max(SURPRISES.atLeast, Math.ceil(done * SURPRISES.share));
  if (surprised <= limit) return null;
  return (
    `${counted(surprised, "user")} of the first ${thousands(done)} have a licence that is blocked and that the plan thought safe ` +
    `(the limit is ${limit}): the tenant has changed since the plan. Run pulumi preview to see how, then pulumi up.`
  );
}
