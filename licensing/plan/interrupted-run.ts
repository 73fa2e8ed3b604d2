import type { Debt } from "../record/debts-on-record";
import { holdsDirectly, isMemberFor } from "../drift/moved-users";
import type { BegunWave } from "../record/interrupted-removals";
import type { WavePlan } from "./plan";
import type { StackRecord } from "../record/record";
import type { TenantSnapshot } from "../snapshot";

/**
 * Ours: a person who takes a user out of the group later than this after an interrupted run began does so on purpose. Earlier it may be the
 * race in which a run that is not interrupted gives the licence back; the longest run takes less.
 */
const RACE_MS = 6 * 3_600_000;

const REASON = "the run that removed it was interrupted, and the user is in no group that gives it";

/**
 * The record with a debt for each removal of an interrupted run whose licence is gone and whose user is in no group that gives it: a run
 * that is not interrupted puts it back. See docs/decisions/0019-what-a-killed-run-was-about-to-remove.md.
 */
export function withInterrupted(record: StackRecord, snapshot: TenantSnapshot): StackRecord {
  const { at, pairs } = record.interrupted;
  const known = new Set(record.debts.map(({ userId, skuId }) => `${userId} ${skuId}`));
  const debts = pairs.flatMap(({ userId, skuId }): Debt[] => {
    const license = record.baseline.get(userId)?.get(skuId);
    if (license === undefined || known.has(`${userId} ${skuId}`)) return [];
    if (snapshot.unreadable?.has(userId) === true || holdsDirectly(snapshot, userId, skuId)) return [];
    if (isMemberFor(snapshot, userId, license, [])) return [];
    return [{ userId, skuId, reason: REASON, at: new Date(Date.parse(at) + RACE_MS).toISOString() }];
  });
  return debts.length === 0 ? record : { ...record, debts: [...record.debts, ...debts] };
}

/** What this run is about to remove, with what an interrupted one has removed and no part of a wave has on record yet. */
export function begunBy(waves: readonly WavePlan[], { interrupted }: StackRecord): readonly BegunWave[] {
  const before = new Set(interrupted.pairs.map(({ userId, skuId }) => `${userId} ${skuId}`));
  return waves.flatMap(({ name: wave, mode, hold, refusal, slices }) => {
    if (mode !== "remove" || hold !== null || refusal !== null) return [];
    const removals = slices.flatMap((slice) => slice.removals);
    const unrecorded = slices
      .flatMap((slice) => slice.movedUnrecorded)
      .filter(({ userId, skuId }) => before.has(`${userId} ${skuId}`));
    const pairs = [...removals, ...unrecorded];
    return pairs.length === 0 ? [] : [{ wave, parts: slices.length, pairs }];
  });
}
