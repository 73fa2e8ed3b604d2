import { missing, workingPlans } from "../effective-plans";
import { isAccepted, type Loss, type LostPlan, type ResolvedLoss } from "../loss/loss";
import type { Guid, License } from "../model";
import type { StackRecord } from "../record/record";
import type { TenantSnapshot } from "../snapshot";

/** A user who was moved, is still a member, and lacks plans; the licences on record that had these plans. */
export interface Regression extends Loss {
  readonly licenses: readonly License[];
}

/** What became of the people whose direct licences are gone. */
export interface MovedUsers {
  /** Still members of groups that should give it, and lacking a plan they had: something is wrong. */
  readonly regressions: readonly Regression[];
  /** No longer members: somebody took them out of the group, and their licence ended, as it should. */
  readonly departures: readonly Guid[];
  /** Those who inherit a SKU whose subscription has ended, by SKU, in order of id: they have lost what it gave. */
  readonly ontoEnded: ReadonlyMap<Guid, readonly Guid[]>;
}

/** Looks again at everybody on record who no longer holds directly what the record says, but for what is owed to them as it is. */
export function lookAtMoved(
  snapshot: TenantSnapshot,
  record: StackRecord,
  accepted: readonly ResolvedLoss[],
): MovedUsers {
  const regressions: Regression[] = [];
  const departures: Guid[] = [];
  const ontoEnded = new Map<Guid, Guid[]>();
  const owed = new Set(record.debts.map(({ userId, skuId }) => `${userId} ${skuId}`));
  for (const [userId, licenses] of record.baseline) {
    if (snapshot.unreadable?.has(userId) === true) continue;
    const moved = [...licenses.values()].filter(
      ({ skuId }) => !holdsDirectly(snapshot, userId, skuId) && !owed.has(`${userId} ${skuId}`),
    );
    const staying = moved.filter((license) => isMemberFor(snapshot, userId, license, accepted));
    const plans = lostOf(snapshot, userId, staying, accepted);
    if (plans.length > 0) {
      const lacking = new Set(plans.map(({ planId }) => planId));
      const { catalog } = snapshot;
      const having = staying.filter(
        (license) =>
          catalog.standing(license.skuId) !== "ended" &&
          [...catalog.enabledPlans(license)].some((planId) => lacking.has(planId)),
      );
      regressions.push({ userId, plans, licenses: having });
    }
    for (const skuId of moved.length === 0 ? [] : endedOf(snapshot, userId)) {
      ontoEnded.set(skuId, [...(ontoEnded.get(skuId) ?? []), userId]);
    }
    if (moved.some((license) => isDeclared(snapshot, license.skuId) && !staying.includes(license))) {
      departures.push(userId);
    }
  }
  for (const userIds of ontoEnded.values()) userIds.sort();
  return { regressions, departures, ontoEnded };
}

/** SKUs that the user's groups are declared to give, and whose subscription has ended. */
function endedOf(snapshot: TenantSnapshot, userId: Guid): readonly Guid[] {
  const skuIds = groupsOf(snapshot, userId).flatMap(({ licenses }) => licenses.map(({ skuId }) => skuId));
  return [...new Set(skuIds)].filter((skuId) => snapshot.catalog.standing(skuId) === "ended");
}

export function holdsDirectly({ users }: TenantSnapshot, userId: Guid, skuId: Guid): boolean {
  const entries = users.get(userId)?.assignments ?? [];
  return entries.some((entry) => entry.skuId === skuId && entry.assignedByGroup === null);
}

/**
 * Whether the user is still where the licence was replaced: a first-level member of a declared group that gives the SKU, or of
 * declared groups whose plans together are all of the licence's. The second, because the rule asks for plans and not for SKUs: what was
 * direct may have been replaced by a larger SKU. A plan that the user may lose is as good as there, or whoever accepts
 * one loss would make departures of people, and their other plans would no longer be looked at.
 */
export function isMemberFor(
  snapshot: TenantSnapshot,
  userId: Guid,
  license: License,
  accepted: readonly ResolvedLoss[],
): boolean {
  const mine = groupsOf(snapshot, userId);
  if (mine.some(({ licenses }) => licenses.some(({ skuId }) => skuId === license.skuId))) return true;
  const wanted = snapshot.catalog.enabledPlans(license);
  const there = new Set([
    ...declaredPlans(snapshot, userId).map(({ planId }) => planId),
    ...accepted.filter(({ group }) => mine.some(({ name }) => name === group)).map(({ planId }) => planId),
  ]);
  // A SKU that the tenant no longer lists has no known plans, and nothing covers it.
  return wanted.size > 0 && missing(wanted, there).length === 0;
}

function isDeclared({ declared }: TenantSnapshot, skuId: Guid): boolean {
  return declared.some(({ licenses }) => licenses.some((license) => license.skuId === skuId));
}

function groupsOf({ declared, members }: TenantSnapshot, userId: Guid) {
  return declared.filter(({ groupId }) => members.get(groupId)?.has(userId) === true);
}

/** What the user's groups are declared to give: each plan from each source. */
function declaredPlans(snapshot: TenantSnapshot, userId: Guid): readonly (LostPlan & { readonly group: string })[] {
  return groupsOf(snapshot, userId).flatMap(({ name, groupId, licenses }) =>
    licenses.flatMap((license) =>
      [...snapshot.catalog.enabledPlans(license)].map((planId) => ({
        group: name,
        groupId,
        skuId: license.skuId,
        planId,
      })),
    ),
  );
}

/**
 * The plans of these licences that the user lacks, with the declared sources that should give them. A plan that only a licence from an
 * unknown source still gives counts as lacking: nobody can say how long it stays, and what should give it does not. A plan that none is declared to give was
 * off in the direct licence when that was removed, or the removal had no proof: an administrator had taken it out since the user was
 * first seen.
 */
function lostOf(
  snapshot: TenantSnapshot,
  userId: Guid,
  licenses: readonly License[],
  accepted: readonly ResolvedLoss[],
): readonly LostPlan[] {
  const user = snapshot.users.get(userId);
  if (user === undefined) return [];
  const { catalog, goneGroups } = snapshot;
  // Of a subscription that has ended, the direct licence would give nothing either.
  const worth = licenses.filter(({ skuId }) => catalog.standing(skuId) !== "ended");
  const wanted = new Set(worth.flatMap((license) => [...catalog.enabledPlans(license)]));
  const lacking = new Set(missing(wanted, workingPlans(user, catalog, goneGroups)));
  if (lacking.size === 0) return [];
  return declaredPlans(snapshot, userId)
    .filter((plan) => lacking.has(plan.planId) && !isAccepted(plan, plan.group, accepted))
    .map(({ groupId, skuId, planId }) => ({ groupId, skuId, planId }));
}
