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
  /** @param pending what is still to be done, by wave */
  readonly beforeWave: (wave: string, pending: ReadonlyMap<string, PendingOfWave>) => void;
  reports(): readonly TroubleReport[];
}

export interface PendingOfWave {
  /** The least number of removals of direct licences. */
  readonly removals: number;
  /** Users that go from group to group. */
  readonly moves: number;
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
      const { removals = 0, moves = 0 } = pending.get(wave) ?? {};
      inTheMiddle.forEach((trouble, index) => {
        const at = Math.floor(((removals + moves) * (index + 1)) / (inTheMiddle.length + 1));
        const isOfMoves = at >= removals;
        trouble.inTheMiddleOf?.({
          wave,
          of: isOfMoves ? "moves" : "removals",
          after: isOfMoves ? at - removals : at,
        });
      });
    },
    reports: () => all.map((trouble) => ({ option: trouble.option, words: trouble.report() })),
  };
}

/** The wave with the most to do; `undefined` if there is nothing. */
function largest(pending: ReadonlyMap<string, PendingOfWave>): string | undefined {
  const all = [...pending].map(([wave, { removals, moves }]) => [wave, removals + moves] as const);
  const [first] = all.sort(([, a], [, b]) => b - a);
  return first !== undefined && first[1] > 0 ? first[0] : undefined;
}
