import type { Successor } from "../catalog/successors";
import type { Blocked } from "../decision/block-reason";
import type { Guid, Removal } from "../model";
import type { StackRecord } from "../record/record";
import { heedRefusals, heedRestriction, refusalsInForce, type RefusedRemoval } from "../decision/refused-removals";
import { decisionsIn, type SkuDecision } from "../decision/replacement";
import { evidenceOf, type TenantSnapshot } from "../snapshot";

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

export function decideAll(snapshot: TenantSnapshot, record: StackRecord): ReadonlyMap<Guid, PlannedUser> {
  const work = new Map<Guid, PlannedUser>();
  const decide = decisionsIn(snapshot);
  const onRecord = new Map<Guid, RefusedRemoval[]>();
  for (const { refused } of record.waves.values()) {
    for (const each of refused) onRecord.set(each.userId, [...(onRecord.get(each.userId) ?? []), each]);
  }
  for (const evidence of evidenceOf(snapshot)) {
    const refused = refusalsInForce(evidence.user, onRecord.get(evidence.user.id) ?? []);
    const decisions = heedRestriction(evidence.user, heedRefusals(decide(evidence), refused));
    const each = workOf(evidence.user.id, decisions);
    const gained = decisions.flatMap((decision) => (decision.verdict === "remove" ? decision.gains : []));
    const gains = gained.length === 0 ? NOTHING : new Set(gained);
    const successions = decisions.flatMap((decision) =>
      decision.verdict === "remove" ? (decision.successions ?? []) : [],
    );
    if (each.removals.length + each.blocked.length > 0)
      work.set(evidence.user.id, { ...each, refused, gains, successions });
  }
  return work;
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
