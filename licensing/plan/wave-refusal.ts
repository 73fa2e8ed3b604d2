import type { Owed } from "./debts";
import type { WavePlan } from "./plan";
import type { WaveSpec } from "../stack-file/stack-file";
import { counted } from "../counts";

/**
 * While a user is owed a licence no wave removes anything, and none refuses the run, which is to pay. A wave that is put back goes on: it
 * may help them.
 */
export function heldForDebts(waves: readonly WavePlan[], owed: readonly Owed[]): readonly WavePlan[] {
  if (owed.length === 0) return waves;
  const users = new Set(owed.map(({ userId }) => userId)).size;
  return waves.map((wave) =>
    wave.hold !== null || wave.mode !== "remove" ? wave : { ...wave, hold: { kind: "debts", users }, refusal: null },
  );
}

/**
 * Too many moved users left a group: no wave that would remove something runs. A wave that has nothing to remove is done, and waves
 * behind one that is put back wait, so that the way out is open.
 */
export function refusedAfterDepartures(waves: readonly WavePlan[], refusal: string | null): readonly WavePlan[] {
  if (refusal === null) return waves;
  const back = waves.find(({ mode }) => mode === "restore");
  return waves.map((wave) => {
    const removes = wave.slices.some(({ removals }) => removals.length > 0);
    if (wave.hold !== null || wave.mode !== "remove" || !removes) return wave;
    if (back !== undefined) return { ...wave, hold: { kind: "rollback", after: back.name } };
    return { ...wave, refusal: wave.refusal ?? refusal };
  });
}

/** More blocked users than the stack file allows for this wave. */
export function tooManyBlocked(wave: WaveSpec, blockedUsers: number): string | null {
  if (wave.maxBlocked === null || blockedUsers <= wave.maxBlocked) return null;
  return (
    `wave ${wave.name}: ${counted(blockedUsers, "user is", "users are")} blocked, and maxBlocked allows ${wave.maxBlocked}. ` +
    "Nothing was removed. See the reasons above and mend them, or raise maxBlocked: " +
    "blocked users keep their direct licences either way."
  );
}
