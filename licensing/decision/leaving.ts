import { lastsAsLongAs } from "../catalog/subscription";
import type { DeclaredGroup } from "../declaration";
import { inForce } from "../effective-plans";
import { isDirect, type Guid, type License, type LicensedUser } from "../model";
import { acceptsNoWayBack, type LicensingWorld, type UserEvidence } from "../snapshot";
import type { MoveBlock } from "./move-block";
import { endOf, plansFrom } from "./staying";

/** A user goes from one declared group to another. */
export interface Leaving {
  readonly leave: DeclaredGroup;
  readonly join: DeclaredGroup;
  /** Plans of the old group's SKUs that the stack file accepts as lost. */
  readonly mayLose: readonly { readonly skuId: Guid; readonly planId: Guid }[];
  /** Of the plans that the old group gives, those that the user must keep; absent: all. A rollback gives less. */
  readonly mustKeep?: ReadonlySet<Guid>;
}

/** `wait`: the new group's licence is not there yet, or was not given in time. */
export type LeavingDecision =
  { readonly verdict: "leave" } | { readonly verdict: "wait" | "blocked"; readonly reason: MoveBlock };

/** The licences that the user has from a group, in force. */
export function licensesFrom({ assignments }: LicensedUser, groupId: Guid): readonly License[] {
  return assignments.filter((entry) => entry.assignedByGroup === groupId && inForce(entry));
}

/**
 * Decides whether the user may leave the old group. The rule: the new group gives all of its licences, `Active` and
 * without error, and every plan that the old group gives is given by other declared groups or directly, for as long.
 */
export function decideLeaving(
  evidence: UserEvidence,
  world: LicensingWorld,
  { leave, join, mayLose, mustKeep }: Leaving,
): LeavingDecision {
  const { user, memberOf } = evidence;
  const { catalog, accepts } = world;
  const going = licensesFrom(user, leave.groupId).filter(({ skuId }) => catalog.standing(skuId) !== "ended");
  if (user.isManagementRestricted === true) return blocked({ kind: "restricted" });
  for (const { skuId } of going) {
    // Without a usage location the old licence could not be assigned directly, should a plan be missing.
    // check: no user leaves a group if its licence could not be assigned directly
    if (user.usageLocation === null && !acceptsNoWayBack(accepts, skuId)) return blocked({ kind: "no-usage-location" });
  }
  // check: a user leaves the old group only as a member of the new one
  const arrival = memberOf.has(join.groupId) ? arrivalIn(join, going, evidence, world) : WAITING;
  if (arrival !== null) return arrival;
  const others = world.declared.filter(({ groupId }) => groupId !== leave.groupId && memberOf.has(groupId));
  // check: a direct licence in error keeps no plan for a user that leaves a group
  const direct = user.assignments.filter(
    (entry) => isDirect(entry) && entry.state === "Active" && entry.error === null,
  );
  const lost = new Set<Guid>();
  for (const license of going) {
    const standing = catalog.standing(license.skuId);
    const staying = new Set<Guid>();
    for (const group of others) {
      for (const { skuId } of group.licenses)
        for (const planId of plansFrom(group, skuId, standing, evidence, world)) staying.add(planId);
    }
    for (const entry of direct) {
      if (!lastsAsLongAs(catalog.standing(entry.skuId), standing)) continue;
      for (const planId of catalog.enabledPlans(entry)) staying.add(planId);
    }
    const isKept = (planId: Guid) =>
      (mustKeep !== undefined && !mustKeep.has(planId)) ||
      mayLose.some((each) => each.skuId === license.skuId && each.planId === planId);
    // check: a user leaves the old group only if what stays gives every plan
    for (const planId of catalog.uncovered(catalog.enabledPlans(license), staying))
      if (!isKept(planId)) lost.add(planId);
  }
  return lost.size === 0 ? { verdict: "leave" } : blocked({ kind: "plans-lost", planIds: [...lost].sort() });
}

/** Why the new group does not give all of its licences; `null`: it does. */
function arrivalIn(
  join: DeclaredGroup,
  going: readonly License[],
  evidence: UserEvidence,
  world: LicensingWorld,
): LeavingDecision | null {
  const { catalog } = world;
  const lasting = going.some(({ skuId }) => catalog.standing(skuId) === "enabled") ? "enabled" : "grace";
  for (const { skuId } of join.licenses) {
    const entry = evidence.user.assignments.find(
      (each) => each.skuId === skuId && each.assignedByGroup === join.groupId,
    );
    // Entra tries again by itself where a seat comes free, or the cause is gone.
    // check: a user with an error in the new group stays in the old one
    if (entry !== undefined && entry.error !== null) return blocked({ kind: "in-error", skuId, error: entry.error });
    // check: what ends by itself is no reason to leave a group
    const end = endOf(join, skuId, lasting, evidence, world);
    if (end !== null) return blocked({ kind: "ends", reason: end });
    if (entry?.state !== "Active") return WAITING;
  }
  return world.groups.get(join.groupId)?.processingState === "ProcessingComplete" ? null : WAITING;
}

function blocked(reason: MoveBlock): LeavingDecision {
  return { verdict: "blocked", reason };
}

const WAITING: LeavingDecision = { verdict: "wait", reason: { kind: "not-inherited" } };
