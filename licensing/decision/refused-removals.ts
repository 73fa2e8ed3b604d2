import type { BlockReason } from "./block-reason";
import { digestOf } from "../digest";
import type { Guid, LicensedUser } from "../model";
import type { SkuDecision } from "./replacement";

/** A proven removal that Entra refused. It is not retried until the user's licences change. */
export interface RefusedRemoval {
  readonly userId: Guid;
  readonly skuId: Guid;
  readonly reason: BlockReason;
  /** `licensesDigest` of the user at the time of the refusal. */
  readonly licenses: string;
}

/** A digest of the user's assignments with their sources, and of whether an application may write to the user. */
export function licensesDigest({ assignments, isManagementRestricted }: LicensedUser): string {
  const held = assignments.map(({ skuId, assignedByGroup, disabledPlans, state, error }) =>
    JSON.stringify([skuId, assignedByGroup, [...disabledPlans].sort(), state, error]),
  );
  return digestOf(isManagementRestricted === true ? [...held, "restricted"] : held);
}

/** The refusals that still apply, because the user's licences have not changed. */
export function refusalsInForce(user: LicensedUser, refused: readonly RefusedRemoval[]): readonly RefusedRemoval[] {
  if (refused.length === 0) return [];
  const now = licensesDigest(user);
  return refused.filter(({ licenses }) => licenses === now);
}

/** Blocks proven removals that Entra refused before, with Entra's reason. */
export function heedRefusals(
  decisions: readonly SkuDecision[],
  inForce: readonly RefusedRemoval[],
): readonly SkuDecision[] {
  return decisions.map((decision) => {
    const refused = inForce.find(({ skuId }) => skuId === decision.skuId);
    return refused === undefined || decision.verdict !== "remove"
      ? decision
      : { skuId: decision.skuId, verdict: "blocked", reason: kindFirst(refused.reason) };
  });
}

/** Blocks proven removals of users in a restricted unit before a write is tried, because Graph would refuse it. */
export function heedRestriction(
  { isManagementRestricted }: LicensedUser,
  decisions: readonly SkuDecision[],
): readonly SkuDecision[] {
  if (isManagementRestricted !== true) return decisions;
  return decisions.map((decision) =>
    decision.verdict === "remove"
      ? { skuId: decision.skuId, verdict: "blocked", reason: { kind: "management-restricted" } }
      : decision,
  );
}

/** Moves `kind` to the front: the engine sorts properties by name, which would change the digest. */
function kindFirst(reason: BlockReason): BlockReason {
  return Object.assign({ kind: reason.kind }, reason);
}
