import type { Catalog } from "../catalog/catalog";
import { lossOfGroupChanges, unaccepted, type LicensesByGroup, type LosingGroup, type ResolvedLoss } from "./loss";
import type { Guid, LicensedUser } from "../model";

/** Members who depend on what a group gives, so that it may not be let go. */
export interface Dependents {
  readonly users: number;
  /** The first of them in order of id, ten at most. */
  readonly first: readonly Guid[];
  /** The plans that they would lose, each once. */
  readonly plans: readonly ResolvedLoss[];
}

/** As many as a row or an output names. */
const NAMED = 10;

/**
 * The members who would lose a plan of this group, but for what they may lose, if no group of this stack gave anything any more.
 *
 * All of them at once, and not this one alone: of two groups that give somebody the same, each would vouch for the other, neither would
 * be protected, and a `destroy` would take both. So both count, and one of them can be let go after its protection is lifted by hand.
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

/** Users as removals will leave them. */
export function afterRemovals(
  users: ReadonlyMap<Guid, LicensedUser>,
  removals: readonly { readonly userId: Guid; readonly skuId: Guid }[],
): ReadonlyMap<Guid, LicensedUser> {
  const later = new Map(users);
  for (const { userId, skuId } of removals) {
    const user = later.get(userId);
    if (user === undefined) continue;
    const assignments = user.assignments.filter((entry) => entry.assignedByGroup !== null || entry.skuId !== skuId);
    later.set(userId, { ...user, assignments });
  }
  return later;
}
