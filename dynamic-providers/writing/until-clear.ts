import type { GraphFailure } from "../../graph/client/failure";
import { passing, type Pause } from "./passing";
import { Patience, type Persistence } from "./patience";
import { formatUntil, waitOrStop, waitToTheEnd, type Row } from "./waits";

/** The result of the write for one object. */
export type Outcome<Done extends { readonly kind: string }> =
  Done | { readonly kind: "failed"; readonly failure: GraphFailure };

/** The result of a repeated write. */
export interface Cleared<Done extends { readonly kind: string }> {
  /** The last answer for each object; absent if it was never sent. */
  readonly outcomes: ReadonlyMap<string, Outcome<Done>>;
  /** The reason to stop the run; `null` to go on. */
  readonly stop: string | null;
}

const LOST = { kind: "failed", failure: { kind: "lost", detail: "no outcome" } } as const;

/**
 * Repeats a write until each object has a clear answer: done, or a failure that does not pass. Only for writes that may
 * be repeated, because they add or read first; a removal is decided again by its unit instead.
 *
 * @param send sends one attempt, with a graph that a stop ends; an object without an outcome counts as lost
 */
export async function untilClear<Done extends { readonly kind: string }>(
  ids: readonly string[],
  send: (ids: readonly string[]) => Promise<ReadonlyMap<string, Outcome<Done>>>,
  row: Row,
  persistence: Persistence,
): Promise<Cleared<Done>> {
  const { host } = row;
  const { canStop } = persistence;
  const outcomes = new Map<string, Outcome<Done>>();
  const patience = new Patience(persistence, host.now());
  for (let open = ids; open.length > 0;) {
    const answered = await send(open);
    for (const id of open) outcomes.set(id, answered.get(id) ?? LOST);
    const failures = open.map((id) => failureIn(outcomes.get(id)));
    const stopped = failures.find((failure) => failure?.kind === "stopped");
    if (stopped?.kind === "stopped") return { outcomes, stop: stopped.reason };
    const pauses = failures.map((failure) => (failure === null ? null : passing(failure)));
    const before = open.length;
    // check: a write that adds is repeated until the answer is clear
    open = open.filter((_id, at) => pauses[at] !== null);
    if (open.length < before) patience.heard(host.now());
    const stopInWait = await pause(
      pauses.filter((each) => each !== null),
      patience,
      row,
      canStop,
    );
    if (stopInWait === "enough") break;
    if (stopInWait !== null) return { outcomes, stop: stopInWait.stop };
  }
  return { outcomes, stop: null };
}

/** Waits before the next attempt; `null` if it may be made. */
async function pause(
  pauses: readonly Pause[],
  patience: Patience,
  row: Row,
  canStop: boolean,
): Promise<{ readonly stop: string } | "enough" | null> {
  const [first, ...others] = pauses;
  if (first === undefined) return null;
  const ms = patience.next(pauses, row.host.now());
  if (ms === null) return "enough";
  const { what, status } = others.reduce((a, b) => (b.ms > a.ms ? b : a), first);
  const text = formatUntil(what, status, row.host.now() + ms);
  if (!canStop) {
    await waitToTheEnd(ms, text, row);
    return null;
  }
  const stop = await waitOrStop(ms, text, row);
  return stop === null ? null : { stop };
}

/** The failure of an outcome; `null` for a success. */
export function failureIn(outcome: Outcome<{ readonly kind: string }> | undefined): GraphFailure | null {
  if (outcome === undefined) return LOST.failure;
  return "failure" in outcome ? outcome.failure : null;
}
