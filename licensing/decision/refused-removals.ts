import type { BlockReason } from "./block-reason";
import { digestOf } from "../digest";
import type { Guid, LicensedUser } from "../model";
import type { SkuDecision } from "./replacement";

/** A removal that was proven and that Entra refused: to send it again changes nothing while the user's licences are the same. */
export interface RefusedRemoval {
  readonly userId: Guid;
  readonly skuId: Guid;
  readonly reason: BlockReason;
  /** Stands for the user's licences when it was refused, see `licensesDigest`. */
  readonly licenses: string;
}

/** Stands for everything that a user holds and where it comes from, and for whether an application may write to the user. */
export function licensesDigest({ assignments, isManagementRestricted }: LicensedUser): string {
  const held = assignments.map(({ skuId, assignedByGroup, disabledPlans, state, error }) =>
    JSON.stringify([skuId, assignedByGroup, [...disabledPlans].sort(), state, error]),
  );
  return digestOf(isManagementRestricted === true ? [...held, "restricted"] : held);
}

/** The refusals that still hold: the user is as they were. */
export function refusalsInForce(user: LicensedUser, refused: readonly RefusedRemoval[]): readonly RefusedRemoval[] {
  if (refused.length === 0) return [];
  const now = licensesDigest(user);
  return refused.filter(({ licenses }) => licenses === now);
}

/** What could go by the rule, and Entra has refused to let go, is blocked with the reason that it gave. */
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

/** What could go by the rule, of a user whom no application may write to, is blocked before it is tried. */
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

/** As it was given. Out of the engine its properties come in order of their names, and for a digest that would be another reason. */
function kindFirst(reason: BlockReason): BlockReason {
  return Object.assign({ kind: reason.kind }, reason);
}
