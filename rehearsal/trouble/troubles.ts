import type { EmulatorOptions } from "../../emulator";
import type { RehearsalOptions } from "../options";
import type { TroubleReport } from "../migration/result";
import { leave } from "./leave";
import { narrow } from "./narrow";
import { seatsShort } from "./seats-short";
import { REAL_QUOTAS, throttling } from "./throttling";
import type { Scene, Trouble } from "./trouble";

export function throttleOf({ throttle }: RehearsalOptions): Pick<EmulatorOptions, "throttle"> {
  return throttle ? { throttle: REAL_QUOTAS } : {};
}

export interface Troubles {
  beforeGroups(): void;
  /** True if a trouble happens in the middle of a wave, which may then halt. */
  readonly strikesWaves: boolean;
  /** @param pending the least number of pending removals by wave */
  readonly beforeWave: (wave: string, pending: ReadonlyMap<string, number>) => void;
  reports(): readonly TroubleReport[];
}

/** Sets up all requested troubles. Those in the middle of a wave happen in the largest wave, one after the other. */
export function makeTroubles(options: RehearsalOptions, scene: Scene): Troubles {
  const all: readonly Trouble[] = [
    ...(options.throttle ? [throttling(scene)] : []),
    ...(options.seatsShort > 0 ? [seatsShort(options.seatsShort, scene)] : []),
    ...(options.leave > 0 ? [leave(options.leave, scene)] : []),
    ...(options.narrow === null ? [] : [narrow(options.narrow, scene)]),
  ];
  const inTheMiddle = all.filter((trouble) => trouble.inTheMiddleOf !== undefined);
  let hasStruck = false;
  return {
    strikesWaves: inTheMiddle.length > 0,
    beforeGroups: () => {
      for (const trouble of all) trouble.beforeGroups?.();
    },
    beforeWave: (wave, pending) => {
      if (hasStruck || wave !== largest(pending)) return;
      hasStruck = true;
      const removals = pending.get(wave) ?? 0;
      inTheMiddle.forEach((trouble, index) => {
        trouble.inTheMiddleOf?.(wave, Math.floor((removals * (index + 1)) / (inTheMiddle.length + 1)));
      });
    },
    reports: () => all.map((trouble) => ({ option: trouble.option, words: trouble.report() })),
  };
}

/** The wave with the most pending removals; `undefined` if there are none. */
function largest(pending: ReadonlyMap<string, number>): string | undefined {
  const [first] = [...pending].sort(([, a], [, b]) => b - a);
  return first !== undefined && first[1] > 0 ? first[0] : undefined;
}
