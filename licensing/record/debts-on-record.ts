import { packPairs, pairsIn, type PackedPairs } from "./compact-ids";
import { grouped } from "../grouped";
import type { Guid } from "../model";
import { removalTimes, type RemovalRun, type RemovalTimes } from "./removals-on-record";

/** A direct licence that this stack took from a user and could not give back when it had to. */
export interface Debt {
  readonly userId: Guid;
  readonly skuId: Guid;
  /** Why it could not be put back, in words that name no user. */
  readonly reason: string;
  /** When the run ended that left it, ISO 8601. */
  readonly at: string;
}

/** Debts of one run for one reason, as the state has them: they are few. */
export interface PackedDebts {
  readonly at: string;
  readonly reason: string;
  readonly of: PackedPairs;
}

/** Debts that ended in one run, paid or not. */
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

/** @throws DamagedRecord where a list of ids is not whole */
export function unpackDebts(packed: readonly PackedDebts[]): readonly Debt[] {
  return packed.flatMap(({ at, reason, of }) => pairsIn(of).map((pair) => ({ ...pair, reason, at })));
}

/** When each debt last ended, by user and SKU. */
export function settledTimes(settled: readonly SettledDebts[]): RemovalTimes {
  return removalTimes(settled.map(({ at, of }): RemovalRun => ({ at, pairs: pairsIn(of) })));
}

/**
 * The debts that are open by the record: not settled since, and not removed with success since. The same licence may
 * have been owed by several runs; the last one says why.
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

/** What was given back since it was removed is not removed any more. */
export function withoutSettled(removals: RemovalTimes, settled: RemovalTimes): RemovalTimes {
  if (settled.size === 0) return removals;
  const left = new Map<Guid, ReadonlyMap<Guid, number>>();
  for (const [userId, bySku] of removals) {
    const mine = [...bySku].filter(([skuId, atMs]) => (settled.get(userId)?.get(skuId) ?? -Infinity) < atMs);
    if (mine.length > 0) left.set(userId, new Map(mine));
  }
  return left;
}
