import type { Successor } from "../catalog/successors";
import type { Blocked } from "../decision/block-reason";
import type { Guid, Removal } from "../model";
import type { StackRecord } from "../record/record";
import { heedRefusals, heedRestriction, refusalsInForce, type RefusedRemoval } from "../decision/refused-removals";
import { decisionsIn, type SkuDecision } from "../decision/replacement";
import { evidenceOf, type TenantSnapshot, type UserEvidence } from "../snapshot";

export interface UserWork {
  readonly removals: readonly Removal[];
  /** SKUs that the removals' calls add directly. */
  readonly bridges: readonly Swap[];
  readonly blocked: readonly Blocked[];
}

/** A SKU that is added directly in the call that removes another one. */
export interface Swap extends Removal {
  /** The SKU that goes. */
  readonly insteadOf: Guid;
}

export interface PlannedUser extends UserWork {
  readonly refused: readonly RefusedRemoval[];
  readonly gains: ReadonlySet<Guid>;
  readonly successions: readonly Successor[];
}

/** Shared, because most users gain nothing. */
const NOTHING: ReadonlySet<Guid> = new Set();

/** Each user by itself: `withSharedSeats` counts the seats of swaps. */
export function decideAll(snapshot: TenantSnapshot, record: StackRecord): ReadonlyMap<Guid, PlannedUser> {
  const plan = plannerIn(snapshot, record);
  const work = new Map<Guid, PlannedUser>();
  for (const evidence of evidenceOf(snapshot)) {
    const planned = plan(evidence);
    if (planned.removals.length + planned.blocked.length > 0) work.set(evidence.user.id, planned);
  }
  return work;
}

/**
 * Swaps take free seats in the order of the waves, as the runs will. Where none is left, the user is blocked.
 *
 * @param assigned the wave of each user
 * @param waves names, in order
 */
export function withSharedSeats(
  work: ReadonlyMap<Guid, PlannedUser>,
  assigned: ReadonlyMap<Guid, string>,
  waves: readonly string[],
  snapshot: TenantSnapshot,
  record: StackRecord,
): ReadonlyMap<Guid, PlannedUser> {
  const placeOf = (userId: Guid) => {
    const place = waves.indexOf(assigned.get(userId) ?? "");
    return place === -1 ? waves.length : place;
  };
  const swapping = [...work].filter(([, { bridges }]) => bridges.length > 0).map(([userId]) => userId);
  if (swapping.length < 2) return work;
  const seatsTaken = new Map<Guid, number>();
  const plan = plannerIn({ ...snapshot, seatsTaken }, record);
  const shared = new Map(work);
  const inOrder = swapping.sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
  for (const evidence of evidenceOf(snapshot, inOrder)) {
    const planned = plan(evidence);
    shared.set(evidence.user.id, planned);
    for (const { skuId } of planned.bridges) {
      const isHeld = evidence.user.assignedLicenses.some((license) => license.skuId === skuId);
      // check: two swaps of the plan do not count on one free seat
      if (!isHeld) seatsTaken.set(skuId, (seatsTaken.get(skuId) ?? 0) + 1);
    }
  }
  return shared;
}

function plannerIn(snapshot: TenantSnapshot, record: StackRecord): (evidence: UserEvidence) => PlannedUser {
  const decide = decisionsIn(snapshot);
  const onRecord = new Map<Guid, RefusedRemoval[]>();
  for (const { refused } of record.waves.values()) {
    for (const each of refused) onRecord.set(each.userId, [...(onRecord.get(each.userId) ?? []), each]);
  }
  return (evidence) => {
    const refused = refusalsInForce(evidence.user, onRecord.get(evidence.user.id) ?? []);
    const decisions = heedRestriction(evidence.user, heedRefusals(decide(evidence), refused));
    const gained = decisions.flatMap((decision) => (decision.verdict === "remove" ? decision.gains : []));
    const successions = decisions.flatMap((decision) =>
      decision.verdict === "remove" ? (decision.successions ?? []) : [],
    );
    const gains = gained.length === 0 ? NOTHING : new Set(gained);
    return { ...workOf(evidence.user.id, decisions), refused, gains, successions };
  };
}

/** The removals and blocked assignments in a user's decisions. */
export function workOf(userId: Guid, decisions: readonly SkuDecision[]): UserWork {
  return {
    removals: decisions.flatMap((each) => (each.verdict === "remove" ? [{ userId, skuId: each.skuId }] : [])),
    bridges: decisions.flatMap((each) =>
      each.verdict === "remove"
        ? (each.bridge?.add ?? []).map(({ skuId }) => ({ userId, skuId, insteadOf: each.skuId }))
        : [],
    ),
    blocked: decisions.flatMap((each) =>
      each.verdict === "blocked" ? [{ userId, skuId: each.skuId, reason: each.reason }] : [],
    ),
  };
}

/** The users that a wave by count may choose: members with something to move, so that a canary tests real moves. */
export function movable(
  work: ReadonlyMap<Guid, UserWork>,
  snapshot: TenantSnapshot,
  record: StackRecord,
): ReadonlySet<Guid> {
  const members = [...snapshot.members.values()];
  // Includes users on record, so that the run after a killed one chooses the same users.
  const known = [...work.keys(), ...record.baseline.keys()];
  return new Set(known.filter((userId) => members.some((ids) => ids.has(userId))));
}
