import type { Directory } from "../directory/directory";
import type { Assignment, Cause, Group, Guid, License, User, ViolationCause } from "../directory/entities";
import { inForce } from "../directory/entities";
import { hasPlanRules, newViolations, type PlanViolation } from "./plan-rules";

/** Errors that a test has set for users, by `assignmentKey`. */
export type ForcedErrors = ReadonlyMap<string, ViolationCause>;

export const assignmentKey = (userId: Guid, skuId: Guid, groupId: Guid): string => `${userId} ${skuId} ${groupId}`;

/**
 * Updates a user's licences from one group, in one step, to match the group's licences and the user's membership.
 * Returns true if no licence failed.
 */
export function reconcile(
  directory: Directory,
  user: User,
  group: Group,
  cause: Cause,
  forced: ForcedErrors,
): "unchanged" | "applied" | "failed" {
  const meant = group.userMembers.has(user.id) ? group.licenses : [];
  const mine = user.holdings.assignments.filter((entry) => entry.assignedByGroup === group.id);
  const others = user.holdings.assignments.filter((entry) => entry.assignedByGroup !== group.id);
  const held = heldBack(directory, user, others, mine, meant);
  const culprits = findCulprits(directory, user, group, meant, [...others, ...held], mine, forced);
  const entries = [
    ...meant.map((license) => entryFor(license, mine, culprits, group, directory.clock.nowMs())),
    ...held,
  ];
  const changed = entries.length !== mine.length || entries.some((entry) => !mine.includes(entry));
  if (changed) directory.changeHoldings(user, { ...user.holdings, assignments: [...others, ...entries] }, cause);
  if (entries.some((entry) => entry.error !== "None")) return "failed";
  return changed ? "applied" : "unchanged";
}

/** Finds the SKUs that fail. Like Entra, one failing SKU also holds back the group's other SKUs, with the error `Other`. */
function findCulprits(
  directory: Directory,
  user: User,
  group: Group,
  meant: readonly License[],
  besides: readonly Assignment[],
  mine: readonly Assignment[],
  forced: ForcedErrors,
): Map<Guid, ViolationCause> {
  const culprits = new Map<Guid, ViolationCause>();
  const blame = (skuId: Guid, cause: ViolationCause) => {
    if (!culprits.has(skuId)) culprits.set(skuId, cause);
  };
  const location = user.usageLocation ?? directory.facts.countryLetterCode;
  for (const { skuId } of meant) {
    const error = forced.get(assignmentKey(user.id, skuId, group.id));
    if (error) blame(skuId, error);
    if (directory.skus.get(skuId)?.prohibitedLocations.has(location))
      blame(skuId, "ProhibitedInUsageLocationViolation");
    if (!directory.holdsSeat(user, skuId) && !directory.seatFree(skuId)) blame(skuId, "CountViolation");
  }

  for (const { kind, plan, others } of violationsOf(directory, user, meant, besides, mine)) {
    const involved = new Set([plan, ...others]);
    const guilty = meant.filter((license) => touches(directory, license.skuId, involved));
    for (const { skuId } of guilty)
      blame(skuId, kind === "dependency" ? "DependencyViolation" : "MutuallyExclusiveViolation");
  }
  if (culprits.size > 0) for (const { skuId } of meant) blame(skuId, directory.facts.siblingError);
  return culprits;
}

function violationsOf(
  directory: Directory,
  user: User,
  meant: readonly License[],
  besides: readonly Assignment[],
  mine: readonly Assignment[],
): readonly PlanViolation[] {
  if (!hasPlanRules(directory.facts)) return [];
  const kept = besides.filter(inForce);
  const before = directory.planSets.union([...kept, ...mine.filter(inForce), ...user.holdings.hidden]);
  const after = directory.planSets.union([...kept, ...meant, ...user.holdings.hidden]);
  return newViolations(directory.facts, before, after);
}

function entryFor(
  license: License,
  mine: readonly Assignment[],
  culprits: ReadonlyMap<Guid, ViolationCause>,
  group: Group,
  nowMs: number,
): Assignment {
  const old = mine.find((entry) => entry.skuId === license.skuId);
  const error = culprits.get(license.skuId) ?? "None";
  // An assignment that was active stays active when a later change of the group fails.
  const stays = error !== "None" && old !== undefined && inForce(old);
  const disabledPlans = stays ? old.disabledPlans : license.disabledPlans;
  const state = error === "None" ? "Active" : stays ? "ActiveWithError" : "Error";
  if (old?.state === state && old.error === error && old.disabledPlans.join() === disabledPlans.join()) return old;
  return { skuId: license.skuId, disabledPlans, assignedByGroup: group.id, state, error, updatedMs: nowMs };
}

/** Licences that should be removed but are still needed by a dependent plan of the user. */
function heldBack(
  directory: Directory,
  user: User,
  others: readonly Assignment[],
  mine: readonly Assignment[],
  meant: readonly License[],
): Assignment[] {
  const leaving = mine.filter((entry) => !meant.some((license) => license.skuId === entry.skuId) && inForce(entry));
  if (leaving.length === 0) return [];
  const staying = [...others.filter(inForce), ...meant, ...user.holdings.hidden];
  const before = directory.planSets.union([...staying, ...leaving]);
  const held = new Set<Assignment>();
  for (;;) {
    const after = directory.planSets.union([...staying, ...held]);
    const needed = newViolations(directory.facts, before, after).flatMap((violation) => violation.others);
    const more = leaving.filter((entry) => !held.has(entry) && provides(directory, entry, new Set(needed)));
    if (more.length === 0) break;
    for (const entry of more) held.add(entry);
  }
  return [...held].map((entry) =>
    entry.state === "ActiveWithError" && entry.error === "DependencyViolation"
      ? entry
      : { ...entry, state: "ActiveWithError", error: "DependencyViolation", updatedMs: directory.clock.nowMs() },
  );
}

function touches(directory: Directory, skuId: Guid, plans: ReadonlySet<Guid>): boolean {
  return directory.skus.get(skuId)?.servicePlans.some((plan) => plans.has(plan.servicePlanId)) ?? false;
}

function provides(directory: Directory, license: License, plans: ReadonlySet<Guid>): boolean {
  return [...directory.planSets.union([license])].some((plan) => plans.has(plan));
}
