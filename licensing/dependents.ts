import type { Catalog } from "./catalog";
import { lossOfGroupChanges, unaccepted, type LicensesByGroup, type LosingGroup, type ResolvedLoss } from "./loss";
import type { Guid, LicensedUser } from "./model";

/**
 * How many members would lose a plan of this group, but for what they may lose, if no group of this stack gave anything any more.
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
): number {
  const nothing = new Map([...after.keys()].map((groupId) => [groupId, []]));
  return unaccepted(lossOfGroupChanges(members, nothing, catalog), group, accepted).length;
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
