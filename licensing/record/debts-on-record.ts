import { packPairs, pairsIn, type PackedPairs } from "./compact-ids";
import { grouped } from "../grouped";
import type { Guid } from "../model";
import { removalTimes, type RemovalRun, type RemovalTimes } from "./removals-on-record";

/** A direct licence that this stack removed and could not put back when required. */
export interface Debt {
  readonly userId: Guid;
  readonly skuId: Guid;
  /** Why the put-back failed. Names no user. */
  readonly reason: string;
  /** End of the run that left the debt, ISO 8601. */
  readonly at: string;
}

/** Debts of one run with the same reason, as stored in the state. */
export interface PackedDebts {
  readonly at: string;
  readonly reason: string;
  readonly of: PackedPairs;
}

/** Debts that one run closed, paid or given up. */
export interface SettledDebts {
  readonly at: string;
  readonly of: PackedPairs;
}

export function packDebts(debts: readonly Debt[]): readonly PackedDebts[] {
  const groups = [...grouped(debts, ({ at, reason }) => JSON.stringify([at, reason]))].sort(([a], [b]) =>
    a.localeCompare(b),
  );
  return groups.flatMap(([, mine]) => mine.slice(0, 1).map(({ at, reason }) => ({ at, reason, of: packPairs(mine) })));
}

/** @throws DamagedRecord if a list of ids is incomplete */
export function unpackDebts(packed: readonly PackedDebts[]): readonly Debt[] {
  return packed.flatMap(({ at, reason, of }) => pairsIn(of).map((pair) => ({ ...pair, reason, at })));
}

/**
 * When each debt was last closed, in milliseconds since 1970, by user and SKU.
 *
 * @throws DamagedRecord if a list of ids is incomplete
 */
export function settledTimes(settled: readonly SettledDebts[]): RemovalTimes {
  return removalTimes(settled.map(({ at, of }): RemovalRun => ({ at, pairs: pairsIn(of) })));
}

/**
 * Debts that were neither closed nor removed with success since. If several runs left a debt for the same licence,
 * the latest gives the reason.
 */
export function openDebts(debts: readonly Debt[], settled: RemovalTimes, removals: RemovalTimes): readonly Debt[] {
  const last = new Map<string, Debt>();
  for (const debt of debts) {
    const { userId, skuId, at } = debt;
    const isOver = (times: RemovalTimes) => (times.get(userId)?.get(skuId) ?? -Infinity) >= Date.parse(at);
    if (isOver(settled) || isOver(removals)) continue;
    const key = `${userId} ${skuId}`;
    const other = last.get(key);
    if (other === undefined || Date.parse(other.at) < Date.parse(at)) last.set(key, debt);
  }
  return [...last.values()];
}

/** Drops removals of licences that were given back later. */
export function withoutSettled(removals: RemovalTimes, settled: RemovalTimes): RemovalTimes {
  if (settled.size === 0) return removals;
  const left = new Map<Guid, ReadonlyMap<Guid, number>>();
  for (const [userId, bySku] of removals) {
    const mine = [...bySku].filter(([skuId, atMs]) => (settled.get(userId)?.get(skuId) ?? -Infinity) < atMs);
    if (mine.length > 0) left.set(userId, new Map(mine));
  }
  return left;
}
