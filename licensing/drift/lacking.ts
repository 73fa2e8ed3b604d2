import { counted } from "../counts";
import type { Catalog } from "../catalog/catalog";
import { workingPlans } from "../effective-plans";
import { grouped } from "../grouped";
import type { Guid } from "../model";
import { BY_ID, usersShown, type People } from "../people";
import type { StackRecord } from "../record/record";
import type { TenantSnapshot } from "../snapshot";
import type { DepartureLimit } from "../stack-file/stack-file";
import { isAcknowledged } from "./departures";
import { holdsDirectly } from "./moved-users";

/** Users that left their group and lack the same plans now. */
export interface Lacking {
  /** Sorted. */
  readonly planIds: readonly Guid[];
  /** Sorted. */
  readonly userIds: readonly Guid[];
}

/**
 * The plans that departed users had by the licences on record and have from no source now, without acknowledged departures.
 * The snapshot has every holder of a SKU on record, so a user that it lacks has none of them, or was deleted.
 *
 * @param departed see `MovedUsers.departures`
 */
export function lackingNow(
  departed: readonly Guid[],
  snapshot: TenantSnapshot,
  record: StackRecord,
  limit: DepartureLimit,
): readonly Lacking[] {
  const { catalog, users, goneGroups } = snapshot;
  const owed = new Set(record.debts.map(({ userId, skuId }) => `${userId} ${skuId}`));
  const each = departed.flatMap((userId) => {
    if (isAcknowledged(record.departures.days.get(userId), limit)) return [];
    const gone = [...(record.baseline.get(userId)?.values() ?? [])].filter(
      ({ skuId }) =>
        !holdsDirectly(snapshot, userId, skuId) &&
        !owed.has(`${userId} ${skuId}`) &&
        catalog.standing(skuId) !== "ended",
    );
    const user = users.get(userId);
    const has = user === undefined ? new Set<Guid>() : workingPlans(user, catalog, goneGroups);
    const wanted = new Set(gone.flatMap((license) => [...catalog.enabledPlans(license)]));
    const planIds = [...catalog.uncovered(wanted, has)].sort();
    return planIds.length === 0 ? [] : [{ userId, planIds }];
  });
  return [...grouped(each, ({ planIds }) => planIds.join()).values()]
    .map((alike) => ({ planIds: alike[0]?.planIds ?? [], userIds: alike.map(({ userId }) => userId).sort() }))
    .sort((a, b) => b.userIds.length - a.userIds.length);
}

/** One line for users that lack the same plans. */
export function formatLacking(
  { plans, userIds }: { readonly plans: readonly string[]; readonly userIds: readonly Guid[] },
  people: People = BY_ID,
): string {
  const users = counted(
    userIds.length,
    "user on record left their group and lacks",
    "users on record left their group and lack",
  );
  const more = plans.length - SHOWN_PLANS;
  const shown = [...plans.slice(0, SHOWN_PLANS), ...(more > 0 ? [counted(more, "more plan")] : [])];
  return (
    `${users} ${shown.join(", ")} now, or were deleted: ${usersShown(userIds, people)}. Put them back into the group, or assign the ` +
    "licence directly, or, where they were to leave, acknowledge it with licensing:departures."
  );
}

export function namesOfLacking(
  { planIds, userIds }: Lacking,
  catalog: Catalog,
): { readonly plans: string[]; readonly userIds: Guid[] } {
  return { plans: planIds.map((planId) => catalog.planName(planId)).sort(), userIds: [...userIds] };
}

const SHOWN_PLANS = 5;
