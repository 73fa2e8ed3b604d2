import type { Catalog } from "../catalog/catalog";
import { lossOfGroupChanges, unaccepted, type LicensesByGroup, type LosingGroup, type ResolvedLoss } from "./loss";
import { isFromGroup, type Guid, type LicensedUser } from "../model";

/** Members that depend on a group's licences. While there are any, the group must not be released. */
export interface Dependents {
  readonly users: number;
  /** Sorted by id, at most ten. */
  readonly first: readonly Guid[];
  /** The plans that they would lose, without duplicates. */
  readonly plans: readonly ResolvedLoss[];
}

const NAMED = 10;

/**
 * The members that would lose a plan of this group, accepted losses aside, if all groups of this stack gave
 * nothing. All at once: two groups that give the same plan would otherwise cover for each other, and `destroy`
 * would take both. To release one of them, lift its protection by hand.
 */
export function dependentsOf(
  group: LosingGroup,
  members: Iterable<LicensedUser>,
  after: LicensesByGroup,
  accepted: readonly ResolvedLoss[],
  catalog: Catalog,
): Dependents {
  const nothing = new Map([...after.keys()].map((groupId) => [groupId, []]));
  const losses = unaccepted(lossOfGroupChanges(members, nothing, catalog), group, accepted);
  const plans = new Map(
    losses.flatMap((loss) => loss.plans.map(({ skuId, planId }) => [`${skuId} ${planId}`, { skuId, planId }] as const)),
  );
  return {
    users: losses.length,
    first: losses
      .map(({ userId }) => userId)
      .sort()
      .slice(0, NAMED),
    plans: [...plans.keys()].sort().flatMap((key) => {
      const plan = plans.get(key);
      return plan === undefined ? [] : [{ group: group.name, ...plan }];
    }),
  };
}

/** The users as they will be after the removals. */
export function afterRemovals(
  users: ReadonlyMap<Guid, LicensedUser>,
  removals: readonly { readonly userId: Guid; readonly skuId: Guid }[],
): ReadonlyMap<Guid, LicensedUser> {
  const later = new Map(users);
  for (const { userId, skuId } of removals) {
    const user = later.get(userId);
    if (user === undefined) continue;
    const assignments = user.assignments.filter((entry) => isFromGroup(entry) || entry.skuId !== skuId);
    later.set(userId, { ...user, assignments });
  }
  return later;
}
