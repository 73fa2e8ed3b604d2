import { unpackIds } from "./compact-ids";
import { givingInstead } from "../declaration";
import type { Guid } from "../model";
import type { TenantSnapshot } from "../snapshot";

/**
 * The declared groups that replaced each user's direct licences, by user, as logical names. It only grows. Logical
 * names, because a group created in the same run has no id yet.
 */
export type ReplacingGroups = ReadonlyMap<Guid, readonly string[]>;

export const NO_REPLACING: ReplacingGroups = new Map();

/**
 * @param patterns see `BaselinePattern`
 * @throws DamagedRecord if a list of ids is incomplete
 */
export function replacingIn(
  patterns: readonly { readonly users: string; readonly groups?: readonly string[] }[],
): ReplacingGroups {
  const found = new Map<Guid, readonly string[]>();
  for (const { groups, users } of patterns) {
    if (groups !== undefined) for (const userId of unpackIds(users)) found.set(userId, groups);
  }
  return found;
}

export function growReplacing(known: ReplacingGroups, seen: ReplacingGroups): ReplacingGroups {
  const grown = new Map(known);
  for (const [userId, groups] of seen)
    grown.set(userId, [...new Set([...(known.get(userId) ?? []), ...groups])].sort());
  return grown;
}

/** The declared groups that replace these removals, by user, as sorted logical names. */
export function replacing(
  removals: readonly { readonly userId: Guid; readonly skuId: Guid }[],
  { declared, members }: TenantSnapshot,
): ReplacingGroups {
  const skus = new Map<Guid, Set<Guid>>();
  for (const { userId, skuId } of removals) skus.set(userId, (skus.get(userId) ?? new Set()).add(skuId));
  return new Map(
    [...skus].map(([userId, skuIds]) => {
      const mine = declared.filter(({ groupId }) => members.get(groupId)?.has(userId) === true);
      const giving = mine.filter((group) => [...skuIds].some((skuId) => givingInstead(group, skuId).length > 0));
      // A group with another SKU may give the plans, so any of the user's groups may be the source.
      return [userId, (giving.length > 0 ? giving : mine).map(({ name }) => name).sort()];
    }),
  );
}
