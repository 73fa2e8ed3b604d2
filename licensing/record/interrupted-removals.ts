import type { Baseline, BegunRemovals } from "./baseline";
import type { Guid } from "../model";
import type { RemovalTimes } from "./removals-on-record";
import { sliceOf } from "../slices";
import { packByWord, unpackByWord } from "./users-by-word";

interface Pair {
  readonly userId: Guid;
  readonly skuId: Guid;
}

/** What one wave of a run was about to remove, in parts of which each begins when the one before is through. */
export interface BegunWave {
  readonly wave: string;
  readonly parts: number;
  readonly pairs: readonly Pair[];
}

/** How the last run of a part of a wave ended. */
export interface EndOfPart {
  /** ISO 8601. */
  readonly at: string;
  /** Not halted: the parts behind it began. */
  readonly isThrough: boolean;
}

/** Removals of the part in which an earlier run was killed: it never came to its end. */
export interface InterruptedRemovals {
  /** When that run began, ISO 8601. */
  readonly at: string;
  readonly pairs: readonly Pair[];
}

export const NOTHING_INTERRUPTED: InterruptedRemovals = { at: "", pairs: [] };

export function packBegun(at: string, waves: readonly BegunWave[], baseline: Baseline): BegunRemovals {
  const places = new Map([...baseline.keys()].sort().map((userId, place) => [userId, place]));
  return {
    at,
    waves: waves.map(({ wave, parts, pairs }) => ({
      wave,
      parts,
      of: packByWord(pairs, ({ skuId }) => skuId, places),
    })),
  };
}

/** @throws DamagedRecord where it does not fit the baseline beside it */
export function unpackBegun({ waves }: BegunRemovals, baseline: Baseline): readonly BegunWave[] {
  const users = [...baseline.keys()].sort();
  return waves.map(({ wave, parts, of }) => ({
    ...{ wave, parts },
    pairs: unpackByWord(of, users).map(({ word, userId }) => ({ userId, skuId: word })),
  }));
}

/**
 * Parts run one after the other: the first that has not ended is the one in which the run was killed, and none behind it had begun.
 *
 * @param endOf how the last run of a part ended, by `wave number`; absent: none has
 */
export function interruptedIn(
  begun: BegunRemovals | undefined,
  baseline: Baseline,
  endOf: ReadonlyMap<string, EndOfPart>,
  settled: RemovalTimes,
): InterruptedRemovals {
  if (begun === undefined) return NOTHING_INTERRUPTED;
  const { at } = begun;
  for (const { wave, parts, pairs } of unpackBegun(begun, baseline)) {
    for (let number = 1; number <= parts; number += 1) {
      const mine = pairs.filter(({ userId }) => sliceOf(userId, parts) === number - 1);
      if (mine.length === 0) continue;
      const end = endOf.get(`${wave} ${number}`);
      if (end === undefined || end.at < at) return { at, pairs: mine.filter((pair) => !isSettled(pair)) };
      if (!end.isThrough) return NOTHING_INTERRUPTED;
    }
  }
  return NOTHING_INTERRUPTED;

  function isSettled({ userId, skuId }: Pair): boolean {
    return (settled.get(userId)?.get(skuId) ?? -Infinity) >= Date.parse(at);
  }
}
