import type { Guid } from "../model";

/** The direct assignments that one run removed from the users of one part of a wave. */
export interface RemovalRun {
  /** When that run ended, ISO 8601: everything in it had been removed by then. */
  readonly at: string;
  readonly pairs: readonly Pair[];
}

/** When each direct assignment was removed for the last time, in milliseconds since 1970: by user, then by SKU. */
export type RemovalTimes = ReadonlyMap<Guid, ReadonlyMap<Guid, number>>;

interface Pair {
  readonly userId: Guid;
  readonly skuId: Guid;
}

/** Adds what a run removed. An assignment that came back and went again stands once, at its last removal. */
export function withRun(before: readonly RemovalRun[], at: string, removed: readonly Pair[]): readonly RemovalRun[] {
  if (removed.length === 0) return before;
  return [...withoutPairs(before, removed), { at, pairs: removed }];
}

/** Takes out what is direct again because it was put back on purpose. */
export function withoutPairs(before: readonly RemovalRun[], gone: readonly Pair[]): readonly RemovalRun[] {
  const keys = new Set(gone.map(keyOf));
  return kept(before, (pair) => !keys.has(keyOf(pair)));
}

/** Keeps of it only these. */
export function onlyPairs(before: readonly RemovalRun[], stay: readonly Pair[]): readonly RemovalRun[] {
  const keys = new Set(stay.map(keyOf));
  return kept(before, (pair) => keys.has(keyOf(pair)));
}

/** From the runs of all parts of all waves: a user may have come from one part to another as the wave grew. */
export function removalTimes(runs: Iterable<RemovalRun>): RemovalTimes {
  const times = new Map<Guid, Map<Guid, number>>();
  for (const { at, pairs } of runs) {
    const atMs = Date.parse(at);
    for (const { userId, skuId } of pairs) {
      const bySku = times.get(userId) ?? new Map<Guid, number>();
      times.set(userId, bySku.set(skuId, Math.max(atMs, bySku.get(skuId) ?? atMs)));
    }
  }
  return times;
}

function kept(runs: readonly RemovalRun[], stays: (pair: Pair) => boolean): readonly RemovalRun[] {
  return runs.map(({ at, pairs }) => ({ at, pairs: pairs.filter(stays) })).filter(({ pairs }) => pairs.length > 0);
}

function keyOf({ userId, skuId }: Pair): string {
  return `${userId} ${skuId}`;
}
