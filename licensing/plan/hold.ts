import type { Unforeseen } from "../stack-file/own-group";
import type { StackRecord } from "../record/record";
import type { WaveSpec } from "../stack-file/stack-file";
import { formatShortfall } from "../wave-outcome";
import { fallsShort, type WaveStanding } from "./wave-standing";

/** Why this run leaves a wave alone. */
export type Hold =
  | { readonly kind: "beyond-apply-through"; readonly applyThrough: string | null }
  | { readonly kind: "soak"; readonly after: string; readonly soakMs: number; readonly untilMs: number | null }
  /** The wave before has not moved enough users to prove the process. */
  | { readonly kind: "unproven"; readonly after: string; readonly why: string }
  | { readonly kind: "order"; readonly after: string }
  | { readonly kind: "rollback"; readonly after: string }
  /** Number of users with owed licences, which come before any removal. */
  | { readonly kind: "debts"; readonly users: number }
  /** The rule's members are unknown until Entra evaluates it; so are blocked users and the choice of a canary. */
  | ({ readonly kind: "members-unknown" } & Unforeseen)
  | { readonly kind: "group-deleted"; readonly group: string };

/**
 * The held waves by name; absent waves may run. Soak starts when the wave before is done, so waves behind an
 * unfinished one with a soak do not run in the same run.
 *
 * @param nowMs milliseconds since 1970
 * @param unforeseen groups with rules that Entra has not evaluated yet; `null`: none
 * @param deleted display name of a deleted declared group; `null`: none
 * @param standings of the waves by name; absent: the record alone decides
 */
export function holds(
  waves: readonly WaveSpec[],
  applyThrough: string | null,
  record: StackRecord,
  nowMs: number,
  unforeseen: Unforeseen | null = null,
  deleted: string | null = null,
  standings: ReadonlyMap<string, WaveStanding> = new Map(),
): ReadonlyMap<string, Hold> {
  const held = new Map<string, Hold>();
  const last = waves.findIndex((wave) => wave.name === applyThrough);
  let barrier = fromTheBeginning(unforeseen, deleted);
  waves.forEach((wave, index) => {
    if (wave.rollback) {
      // A rollback takes nothing from users, so it is never held. Later waves wait, because something went wrong.
      // check: no wave goes on past one that is put back
      barrier = { kind: "rollback", after: wave.name };
      return;
    }
    // check: no wave beyond applyThrough
    if (index > last) {
      held.set(wave.name, { kind: "beyond-apply-through", applyThrough });
      return;
    }
    if (barrier !== null) {
      held.set(wave.name, barrier);
      if (PASSED_ON.has(barrier.kind)) barrier = { kind: "order", after: wave.name };
      return;
    }
    barrier = barrierAfter(wave, record.waves.get(wave.name)?.doneAtMs ?? null, nowMs, standings.get(wave.name));
  });
  return held;
}

/** Holds of one wave; the waves behind it wait for that wave. */
const PASSED_ON: ReadonlySet<Hold["kind"]> = new Set(["soak", "unproven", "order"]);

function fromTheBeginning(unforeseen: Unforeseen | null, deleted: string | null): Hold | null {
  // check: waves wait while a declared group is deleted
  if (deleted !== null) return { kind: "group-deleted", group: deleted };
  return unforeseen === null ? null : { kind: "members-unknown", ...unforeseen };
}

function barrierAfter(
  wave: WaveSpec,
  doneAtMs: number | null,
  nowMs: number,
  standing: WaveStanding | undefined,
): Hold | null {
  if (standing === undefined) return soakOf(wave, doneAtMs, nowMs);
  if (standing.isEmpty) return null;
  // check: a wave that shows nothing holds what comes later
  if (fallsShort(standing, wave)) {
    return { kind: "unproven", after: wave.name, why: formatShortfall(standing.expected, wave.minMoved) };
  }
  return soakOf(wave, standing.isDone ? doneAtMs : null, nowMs);
}

function soakOf({ name, soakMs }: WaveSpec, doneAtMs: number | null, nowMs: number): Hold | null {
  if (soakMs === 0) return null;
  const untilMs = doneAtMs === null ? null : doneAtMs + soakMs;
  // check: a soak has to be over
  return untilMs !== null && nowMs >= untilMs ? null : { kind: "soak", after: name, soakMs, untilMs };
}
