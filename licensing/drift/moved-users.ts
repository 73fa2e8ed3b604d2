import type { Catalog } from "../catalog/catalog";
import { givingInstead, skusInScope } from "../declaration";
import { workingPlans } from "../effective-plans";
import { isAccepted, type Loss, type LostPlan, type ResolvedLoss } from "../loss/loss";
import { isDirect, type Assignment, type Guid, type License } from "../model";
import type { StackRecord } from "../record/record";
import type { TenantSnapshot } from "../snapshot";

/** A moved user that is still a member and lacks plans, with the licences on record that had them. */
export interface Regression extends Loss {
  readonly licenses: readonly License[];
}

/** The present situation of users without the direct licences on record. */
export interface MovedUsers {
  /** Users still in groups that should give a plan, and lacking it. This is a fault. */
  readonly regressions: readonly Regression[];
  /** Users removed from the group by others. Their licence ended as intended. */
  readonly departures: readonly Guid[];
  /** Moved users that inherit a SKU of an ended subscription, by SKU, sorted by id. They have lost its plans. */
  readonly ontoEnded: ReadonlyMap<Guid, readonly Guid[]>;
}

/**
 * Checks every user on record without a recorded direct licence. Licences owed as a debt are left out: they are
 * handled as debts.
 */
export function lookAtMoved(
  snapshot: TenantSnapshot,
  record: StackRecord,
  accepted: readonly ResolvedLoss[],
): MovedUsers {
  const regressions: Regression[] = [];
  const departures: Guid[] = [];
  const ontoEnded = new Map<Guid, Guid[]>();
  const inScope = skusInScope(snapshot.declared);
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
          [...catalog.enabledPlans(license)].some((planId) => catalog.keptAs(planId, lacking) !== null),
      );
      regressions.push({ userId, plans, licenses: having });
    }
    for (const skuId of moved.length === 0 ? [] : endedOf(snapshot, userId)) {
      ontoEnded.set(skuId, [...(ontoEnded.get(skuId) ?? []), userId]);
    }
    if (moved.some((license) => inScope.has(license.skuId) && !staying.includes(license))) {
      departures.push(userId);
    }
  }
  for (const userIds of ontoEnded.values()) userIds.sort();
  return { regressions, departures, ontoEnded };
}

/** SKUs that the user's groups are declared to give and that belong to an ended subscription. */
function endedOf(snapshot: TenantSnapshot, userId: Guid): readonly Guid[] {
  const skuIds = groupsOf(snapshot, userId).flatMap(({ licenses }) => licenses.map(({ skuId }) => skuId));
  return [...new Set(skuIds)].filter((skuId) => snapshot.catalog.standing(skuId) === "ended");
}

export function holdsDirectly(snapshot: TenantSnapshot, userId: Guid, skuId: Guid): boolean {
  return directOf(snapshot, userId, skuId) !== undefined;
}

export function directOf({ users }: TenantSnapshot, userId: Guid, skuId: Guid): Assignment | undefined {
  const entries = users.get(userId)?.assignments ?? [];
  return entries.find((entry) => entry.skuId === skuId && isDirect(entry));
}

/**
 * True if the user is a first-level member of declared groups that give or replace the SKU, or give together all of
 * the licence's plans. Accepted losses count as given: otherwise accepting one would turn
 * members into departures, and their other plans would not be checked.
 */
export function isMemberFor(
  snapshot: TenantSnapshot,
  userId: Guid,
  license: License,
  accepted: readonly ResolvedLoss[],
): boolean {
  if (groupsOf(snapshot, userId).some((group) => givingInstead(group, license.skuId).length > 0)) return true;
  const wanted = snapshot.catalog.enabledPlans(license);
  // An unlisted SKU has no known plans, so nothing can cover it.
  return wanted.size > 0 && snapshot.catalog.uncovered(wanted, meantToHave(snapshot, userId, accepted)).length === 0;
}

/** True if a plan of the licence is neither in force for the user, nor declared by a group of theirs, nor accepted. */
export function lacksWithoutSource(
  snapshot: TenantSnapshot,
  userId: Guid,
  license: License,
  accepted: readonly ResolvedLoss[],
): boolean {
  const { users, catalog, goneGroups } = snapshot;
  const user = users.get(userId);
  // A direct licence of an ended subscription would give nothing.
  if (user === undefined || catalog.standing(license.skuId) === "ended") return false;
  const there = new Set([...meantToHave(snapshot, userId, accepted), ...workingPlans(user, catalog, goneGroups)]);
  return catalog.uncovered(catalog.enabledPlans(license), there).length > 0;
}

/** The plans that the user's groups are declared to give, and those whose loss is accepted there. */
function meantToHave(snapshot: TenantSnapshot, userId: Guid, accepted: readonly ResolvedLoss[]): ReadonlySet<Guid> {
  const mine = new Set(groupsOf(snapshot, userId).map(({ name }) => name));
  return new Set([
    ...declaredPlans(snapshot, userId).map(({ planId }) => planId),
    ...accepted.filter(({ group }) => mine.has(group)).map(({ planId }) => planId),
  ]);
}

function groupsOf({ declared, members }: TenantSnapshot, userId: Guid) {
  return declared.filter(({ groupId }) => members.get(groupId)?.has(userId) === true);
}

/** The plans that the user's groups are declared to give, once for each source. */
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
 * The missing plans of these licences, with the declared sources that should give them. A plan from an unknown
 * source counts as missing, because it may end. A plan without a declared source is skipped: it was disabled in the
 * direct licence before the removal.
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
  // A direct licence of an ended subscription would give nothing.
  const worth = licenses.filter(({ skuId }) => catalog.standing(skuId) !== "ended");
  const wanted = new Set(worth.flatMap((license) => [...catalog.enabledPlans(license)]));
  const lacking = catalog.uncovered(wanted, workingPlans(user, catalog, goneGroups));
  if (lacking.length === 0) return [];
  return declaredPlans(snapshot, userId)
    .filter((plan) => gives(plan.planId, lacking, catalog) && !isAccepted(plan, plan.group, accepted))
    .map(({ groupId, skuId, planId }) => ({ groupId, skuId, planId }));
}

/** True if the plan is one of these, or a successor of one. */
function gives(planId: Guid, lacking: readonly Guid[], catalog: Catalog): boolean {
  const given = new Set([planId]);
  return lacking.some((each) => catalog.keptAs(each, given) !== null);
}
