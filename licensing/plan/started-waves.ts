import type { Dependents } from "../loss/dependents";
import type { StackRecord, WaveRecord } from "../record/record";
import type { StackFileMistake, WaveSpec } from "../stack-file/stack-file";
import { counted } from "../counts";

/**
 * Mistakes in the stack file about started waves, which must keep their name and order. Pulumi would refuse to
 * delete a protected row without naming the wave or a way out, and a wave inserted before would skip the soak.
 *
 * @param groups as planned: where no member depends on any of them, waves may be changed
 */
export function mistakesAboutStartedWaves(
  waves: readonly WaveSpec[],
  record: StackRecord,
  groups: readonly { readonly dependents: Pick<Dependents, "users"> }[],
): readonly StackFileMistake[] {
  if (groups.every(({ dependents }) => dependents.users === 0)) return [];
  return [...takenOut(waves, record), ...putInFront(waves, record)];
}

function takenOut(waves: readonly WaveSpec[], record: StackRecord): StackFileMistake[] {
  const kept = new Set(waves.map(({ name }) => name));
  const unknown = waves.filter(({ name }) => !record.waves.has(name));
  const renamed = unknown.length === 1 && unknown[0] !== undefined ? ` (now ${unknown[0].name}?)` : "";
  return [...record.waves]
    .filter(([name, wave]) => hasBegun(wave) && !kept.has(name))
    .map(([name, { taken }]) => ({
      path: "licensing:waves",
      message:
        `wave ${name} has taken ${counted(taken.size, "user")} and is no longer in the stack file${renamed}. Put it back under its name: ` +
        "a wave keeps its name for life, and a done wave costs nothing. To give it up, put its users back first with " +
        "rollback: true; it can be taken out once no user depends on the groups' licences.",
    }));
}

/** Waves run in file order, so a new wave must come after all started ones. */
function putInFront(waves: readonly WaveSpec[], record: StackRecord): StackFileMistake[] {
  const begun = waves.map(({ name }) => hasBegun(record.waves.get(name)));
  const last = begun.lastIndexOf(true);
  return waves.flatMap(({ name, rollback }, index) =>
    index > last || begun[index] === true || rollback
      ? []
      : [
          {
            path: `licensing:waves[${index}]`,
            message:
              `wave ${name} has not begun and stands before ${waves[last]?.name ?? ""}, which has: it would not wait for ` +
              "the waves that have begun, nor for their soak. Put it behind them.",
          },
        ],
  );
}

/** True if the wave has taken users, which belong to it from then on, or is done. */
export function hasBegun(wave: WaveRecord | undefined): boolean {
  return wave !== undefined && (wave.taken.size > 0 || wave.doneAtMs !== null);
}
