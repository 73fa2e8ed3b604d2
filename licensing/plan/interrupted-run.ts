import { unionOfPlans, missing } from "../effective-plans";
import type { Guid, Removal } from "../model";
import { growBridges, isBridge } from "../record/bridges-on-record";
import { groupsOfMove, type MovedByStack } from "../record/moves-on-record";
import type { Debt } from "../record/debts-on-record";
import { directOf, holdsDirectly, isMemberFor, lacksWithoutSource } from "../drift/moved-users";
import type { BegunWave } from "../record/interrupted-removals";
import type { ResolvedLoss } from "../loss/loss";
import type { WavePlan } from "./plan";
import type { StackRecord } from "../record/record";
import type { TenantSnapshot } from "../snapshot";

/**
 * Our choice. A later removal from the group counts as intended; an earlier one may have raced with the interrupted
 * run, which would have put the licence back. The longest run is shorter.
 */
const RACE_MS = 6 * 3_600_000;

const REASON = "the run that removed it was interrupted, and the user's groups do not give all of it";

/**
 * Adds what an interrupted run did and could not record: a debt for each licence that it removed from a user whose
 * groups do not give all of it, such as one that has left one of two, because an uninterrupted run would have put it
 * back; and what it assigned directly in a move. See docs/decisions/0019-what-a-killed-run-was-about-to-remove.md.
 */
export function withInterrupted(
  record: StackRecord,
  snapshot: TenantSnapshot,
  accepted: readonly ResolvedLoss[],
): StackRecord {
  return withRepairsOfMoves(withDebts(record, snapshot, accepted), snapshot);
}

/** The state has who held what before; a licence that came since is no user's own. */
function withRepairsOfMoves(record: StackRecord, snapshot: TenantSnapshot): StackRecord {
  const moves = new Map(
    [...record.moves].map(([key, known]) => {
      const repairedOnTheWayBack = repairedBack(groupsOfMove(key), known, record, snapshot);
      return [key, { ...known, repairedOnTheWayBack }] as const;
    }),
  );
  const repairs = [...moves.values()].flatMap(({ mayBeRepaired, repairedOnTheWayBack }) => [
    ...mayBeRepaired.filter(({ userId, skuId }) => holdsDirectly(snapshot, userId, skuId)),
    ...repairedOnTheWayBack,
  ]);
  // check: what an interrupted move has assigned directly is no user's own
  return repairs.length === 0 ? record : { ...record, moves, bridges: growBridges(record.bridges, repairs) };
}

/**
 * A rollback writes down nothing beforehand, so the tenant tells: the user is back in the old group and out of the new one,
 * while no row says so, and holds a licence of the new group directly that was not there before.
 */
function repairedBack(
  { fromId, toId }: { readonly fromId: Guid; readonly toId: Guid },
  { moved, added, begun, joining, gave }: MovedByStack,
  { baseline, bridges }: StackRecord,
  snapshot: TenantSnapshot,
): readonly Removal[] {
  const { catalog, declared, groups } = snapshot;
  const isIn = (groupId: Guid, userId: Guid) => snapshot.members.get(groupId)?.has(userId) === true;
  const back = [...new Set([...moved, ...added, ...begun, ...joining])].filter(
    (userId) => isIn(fromId, userId) && !isIn(toId, userId),
  );
  if (back.length === 0) return [];
  const skuIds = (groups.get(toId)?.licenses ?? []).map(({ skuId }) => skuId);
  const given = [
    ...(declared.find(({ groupId }) => groupId === fromId)?.licenses ?? []),
    ...(groups.get(fromId)?.licenses ?? []),
  ];
  return back.flatMap((userId) => {
    const own = baseline.get(userId);
    const kept = unionOfPlans([...given, ...(gave.get(userId) ?? []), ...(own?.values() ?? [])], catalog);
    return skuIds.flatMap((skuId): Removal[] => {
      const direct = directOf(snapshot, userId, skuId);
      if (direct === undefined || own?.has(skuId) === true || isBridge(bridges, { userId, skuId })) return [];
      // check: only a licence that gives no more than the user had before the move passes for a repair
      return missing(catalog.enabledPlans(direct), kept).length === 0 ? [{ userId, skuId }] : [];
    });
  });
}

function withDebts(record: StackRecord, snapshot: TenantSnapshot, accepted: readonly ResolvedLoss[]): StackRecord {
  const { at, pairs } = record.interrupted;
  const known = new Set(record.debts.map(({ userId, skuId }) => `${userId} ${skuId}`));
  const debts = pairs.flatMap(({ userId, skuId }): Debt[] => {
    const license = record.baseline.get(userId)?.get(skuId);
    if (license === undefined || known.has(`${userId} ${skuId}`)) return [];
    if (snapshot.unreadable?.has(userId) === true || holdsDirectly(snapshot, userId, skuId)) return [];
    const isMember = isMemberFor(snapshot, userId, license, []);
    // check: a member that an interrupted removal left without a plan is owed it
    if (isMember && !lacksWithoutSource(snapshot, userId, license, accepted)) return [];
    return [{ userId, skuId, reason: REASON, at: new Date(Date.parse(at) + RACE_MS).toISOString() }];
  });
  return debts.length === 0 ? record : { ...record, debts: [...record.debts, ...debts] };
}

/** Removals of this run, together with those of an interrupted run that no slice has recorded yet. */
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
