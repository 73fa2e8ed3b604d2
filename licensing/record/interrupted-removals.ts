import type { Baseline, BegunRemovals } from "./baseline";
import type { Guid } from "../model";
import type { RemovalTimes } from "./removals-on-record";
import { sliceOf } from "../slices";
import { packByWord, unpackByWord } from "./users-by-word";

interface Pair {
  readonly userId: Guid;
  readonly skuId: Guid;
}

/** Planned removals of one wave, in slices that run one after the other. */
export interface BegunWave {
  readonly wave: string;
  readonly parts: number;
  readonly pairs: readonly Pair[];
}

/** How the last run of a slice ended. */
export interface EndOfPart {
  /** ISO 8601. */
  readonly at: string;
  /** True if it did not halt, so the next slice began. */
  readonly isThrough: boolean;
}

/** Removals of the slice that was running when an earlier run was killed. */
export interface InterruptedRemovals {
  /** Start of that run, ISO 8601. */
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

/** @throws DamagedRecord if it does not match the baseline stored beside it */
export function unpackBegun({ waves }: BegunRemovals, baseline: Baseline): readonly BegunWave[] {
  const users = [...baseline.keys()].sort();
  return waves.map(({ wave, parts, of }) => ({
    ...{ wave, parts },
    pairs: unpackByWord(of, users).map(({ word, userId }) => ({ userId, skuId: word })),
  }));
}

/**
 * Slices run one after the other, so the run was killed in the first slice without an end; later slices had not
 * begun.
 *
 * @param endOf end of the last run by `wave number`; absent: the slice has not run to an end
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
