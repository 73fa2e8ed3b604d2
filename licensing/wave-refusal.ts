import type { Loss } from "./loss";
import { acceptLossWords, lostPlanNames, whom } from "./loss-words";
import type { People } from "./people";
import type { WavePlan } from "./plan";
import type { TenantSnapshot } from "./snapshot";
import type { WaveSpec } from "./stack-file";
import { counted } from "./tally";

/** People moved earlier who lack what they had stop every wave that would go on; a wave that is put back may help them. */
export function refusedAfterRegression(
  waves: readonly WavePlan[],
  regressions: readonly Loss[],
  { declared, catalog }: TenantSnapshot,
  people?: People,
): readonly WavePlan[] {
  if (regressions.length === 0) return waves;
  const refusal =
    "People who were moved earlier and are still in their group lack " +
    `${lostPlanNames(regressions, catalog)}: ${whom(regressions, people)}. ` +
    "Nothing more is removed until they have it again. See their licence errors in the admin center (seats, conflicts, " +
    "a licence that somebody narrowed, a subscription that has ended) and reprocess them; or put their direct licences back with rollback: true on " +
    `their wave; or, where they may lose it, say so: ${acceptLossWords(regressions, declared, catalog)}.`;
  // A wave that is being put back is the way out, and depends on those before it: they wait instead of refusing.
  const back = waves.find(({ mode }) => mode === "restore");
  return waves.map((wave) => {
    if (wave.hold !== null || wave.mode !== "remove") return wave;
    return back === undefined ? { ...wave, refusal } : { ...wave, hold: { kind: "rollback", after: back.name } };
  });
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
