import type { Unforeseen } from "../stack-file/own-group";
import type { StackRecord } from "../record/record";
import type { WaveSpec } from "../stack-file/stack-file";
import { formatShortfall } from "../wave-outcome";
import { fallsShort, type WaveStanding } from "./wave-standing";

/** Why a wave is not touched in this run. */
export type Hold =
  | { readonly kind: "beyond-apply-through"; readonly applyThrough: string | null }
  | { readonly kind: "soak"; readonly after: string; readonly soakMs: number; readonly untilMs: number | null }
  /** The wave before it has not moved enough to show that anything works. */
  | { readonly kind: "unproven"; readonly after: string; readonly why: string }
  | { readonly kind: "order"; readonly after: string }
  | { readonly kind: "rollback"; readonly after: string }
  /** So many users are owed a direct licence: that comes before any removal. */
  | { readonly kind: "debts"; readonly users: number }
  /** Nobody can foresee whom the rule of this group takes, and so who would be blocked, or whom a canary would be chosen from. */
  | ({ readonly kind: "members-unknown" } & Unforeseen)
  | { readonly kind: "group-deleted"; readonly group: string };

/**
 * Which waves this run leaves alone, by name; waves that are absent may run.
 *
 * Soak counts from the moment the wave before was done, which is in the state. A wave that has still to be done starts
 * its soak when it is, so nothing behind it moves in the same run.
 *
 * @param unforeseen groups whose rules Entra has not evaluated yet; `null`: there are none
 * @param deleted the display name of a declared group that is not there any more; `null`: there is none
 * @param standings of the waves by name; absent: by the record alone
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
      // Putting back takes nothing from anybody, so nothing holds it up; and nobody goes on past what went wrong.
      barrier = { kind: "rollback", after: wave.name };
      return;
    }
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

/** Holds of one wave alone: what comes behind that wave waits for it. */
const PASSED_ON: ReadonlySet<Hold["kind"]> = new Set(["soak", "unproven", "order"]);

function fromTheBeginning(unforeseen: Unforeseen | null, deleted: string | null): Hold | null {
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
  if (fallsShort(standing, wave)) {
    return { kind: "unproven", after: wave.name, why: formatShortfall(standing.expected, wave.minMoved) };
  }
  return soakOf(wave, standing.isDone ? doneAtMs : null, nowMs);
}

function soakOf({ name, soakMs }: WaveSpec, doneAtMs: number | null, nowMs: number): Hold | null {
  if (soakMs === 0) return null;
  const untilMs = doneAtMs === null ? null : doneAtMs + soakMs;
  return untilMs !== null && nowMs >= untilMs ? null : { kind: "soak", after: name, soakMs, untilMs };
}
