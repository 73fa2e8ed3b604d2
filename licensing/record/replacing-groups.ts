import { unpackIds } from "./compact-ids";
import type { Guid } from "../model";
import type { TenantSnapshot } from "../snapshot";

/**
 * By user: the declared groups, by logical name, whose licences replace the direct ones, as it was when those were removed. It only
 * grows. A group that the same run makes has no id yet, and a logical name is its group's for life.
 */
export type ReplacingGroups = ReadonlyMap<Guid, readonly string[]>;

export const NO_REPLACING: ReplacingGroups = new Map();

/** @param patterns see `BaselinePattern` */
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

/** The declared groups that replace what is removed from these users. Most users have the same ones, and share the list. */
export function replacing(
  removals: readonly { readonly userId: Guid; readonly skuId: Guid }[],
  { declared, members }: TenantSnapshot,
): ReplacingGroups {
  const skus = new Map<Guid, Set<Guid>>();
  for (const { userId, skuId } of removals) skus.set(userId, (skus.get(userId) ?? new Set()).add(skuId));
  return new Map(
    [...skus].map(([userId, skuIds]) => {
      const mine = declared.filter(({ groupId }) => members.get(groupId)?.has(userId) === true);
      const giving = mine.filter(({ licenses }) => licenses.some(({ skuId }) => skuIds.has(skuId)));
      // A larger SKU may replace the one that goes: then any of the user's groups may be the one.
      return [userId, (giving.length > 0 ? giving : mine).map(({ name }) => name).sort()];
    }),
  );
}
