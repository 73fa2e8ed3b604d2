import type { Owed } from "./debts";
import type { WavePlan } from "./plan";
import type { WaveSpec } from "../stack-file/stack-file";
import { counted } from "../counts";

/**
 * Holds all removing waves while licences are owed, and drops their refusals so that the run can pay. Rollbacks go
 * on: they may help the same users.
 */
export function heldForDebts(waves: readonly WavePlan[], owed: readonly Owed[]): readonly WavePlan[] {
  // check: no wave removes anything while something is owed
  if (owed.length === 0) return waves;
  const users = new Set(owed.map(({ userId }) => userId)).size;
  return waves.map((wave) =>
    wave.hold !== null || wave.mode !== "remove" ? wave : { ...wave, hold: { kind: "debts", users }, refusal: null },
  );
}

/**
 * Refuses waves with removals after too many departures; other waves are not affected. While a wave is rolled back,
 * they are held instead, so that the rollback can run.
 */
export function refusedAfterDepartures(waves: readonly WavePlan[], refusal: string | null): readonly WavePlan[] {
  if (refusal === null) return waves;
  const back = waves.find(({ mode }) => mode === "restore");
  return waves.map((wave) => {
    const removes =
      wave.slices.some(({ removals }) => removals.length > 0) ||
      wave.moves.some(({ slices }) => slices.some(({ users }) => users.length > 0));
    if (wave.hold !== null || wave.mode !== "remove" || !removes) return wave;
    if (back !== undefined) return { ...wave, hold: { kind: "rollback", after: back.name } };
    // check: too many departures refuse the next wave
    return { ...wave, refusal: wave.refusal ?? refusal };
  });
}

/** Refuses a wave with more blocked users than `maxBlocked`. */
export function tooManyBlocked(wave: WaveSpec, blockedUsers: number): string | null {
  // check: more blocked users than maxBlocked refuse a wave
  if (wave.maxBlocked === null || blockedUsers <= wave.maxBlocked) return null;
  return (
    `wave ${wave.name}: ${counted(blockedUsers, "user is", "users are")} blocked, and maxBlocked allows ${wave.maxBlocked}. ` +
    "Nothing was removed. See the reasons above and mend them, or raise maxBlocked: " +
    "blocked users keep their direct licences either way."
  );
}
