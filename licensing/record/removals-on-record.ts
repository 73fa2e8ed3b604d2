import type { Guid } from "../model";

/** Direct assignments that one run removed in one slice of a wave. */
export interface RemovalRun {
  /** End of that run, ISO 8601. All pairs had been removed by then. */
  readonly at: string;
  readonly pairs: readonly Pair[];
}

/** Last removal of each direct assignment, in milliseconds since 1970, by user and SKU. */
export type RemovalTimes = ReadonlyMap<Guid, ReadonlyMap<Guid, number>>;

interface Pair {
  readonly userId: Guid;
  readonly skuId: Guid;
}

/** Adds the removals of a run. An assignment that was removed before is kept only with its latest removal. */
export function withRun(before: readonly RemovalRun[], at: string, removed: readonly Pair[]): readonly RemovalRun[] {
  if (removed.length === 0) return before;
  return [...withoutPairs(before, removed), { at, pairs: removed }];
}

/** Drops assignments that were put back on purpose. */
export function withoutPairs(before: readonly RemovalRun[], gone: readonly Pair[]): readonly RemovalRun[] {
  const keys = new Set(gone.map(keyOf));
  return kept(before, (pair) => !keys.has(keyOf(pair)));
}

/** Keeps only these assignments. */
export function onlyPairs(before: readonly RemovalRun[], stay: readonly Pair[]): readonly RemovalRun[] {
  const keys = new Set(stay.map(keyOf));
  return kept(before, (pair) => keys.has(keyOf(pair)));
}

/** Merges the runs of all slices of all waves, because a growing wave may move a user to another slice. */
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
