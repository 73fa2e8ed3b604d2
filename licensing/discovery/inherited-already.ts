import type { Catalog } from "../catalog/catalog";
import { isDirectInForce, missing } from "../effective-plans";
import { isFromGroup, type Assignment, type Guid, type License, type LicensedGroup } from "../model";
import type { Bundle } from "./add-ons";
import type { DiscoveredUser, LicensedToday } from "./tenant-today";

/** A group that gives a licence today to users that also hold it directly. */
export interface GivingGroup {
  readonly group: LicensedGroup;
  /** The licences to declare, exactly as the group gives them today. */
  readonly licenses: readonly License[];
  /** Users that also hold one of the licences directly. */
  readonly holders: readonly Guid[];
}

/** By user: SKUs held directly and already fully inherited. */
type Covered = ReadonlyMap<Guid, ReadonlySet<Guid>>;

export interface InheritedAlready {
  readonly groups: readonly GivingGroup[];
  readonly covered: Covered;
}

/**
 * Finds groups that already give users their direct licences. They only need to be declared; no new group is
 * necessary.
 */
export function inheritedAlready({ users, groups, catalog }: LicensedToday): InheritedAlready {
  const covered = new Map<Guid, Set<Guid>>();
  const giving = new Map<Guid, { readonly skus: Set<Guid>; readonly holders: Set<Guid> }>();
  for (const user of users.values()) {
    for (const entry of user.assignments.filter(isDirectInForce)) {
      const source = sourceOf(entry, user, groups, catalog);
      if (source === null) continue;
      covered.set(user.id, (covered.get(user.id) ?? new Set()).add(entry.skuId));
      const known = giving.get(source.id) ?? { skus: new Set(), holders: new Set() };
      giving.set(source.id, known);
      known.skus.add(entry.skuId);
      known.holders.add(user.id);
    }
  }
  const found = [...giving].flatMap(([id, { skus, holders }]): GivingGroup[] => {
    const group = groups.get(id);
    const licenses = group?.licenses.filter(({ skuId }) => skus.has(skuId)) ?? [];
    return group === undefined ? [] : [{ group, licenses, holders: [...holders].sort() }];
  });
  return { groups: found.sort((a, b) => b.holders.length - a.holders.length), covered };
}

/** The bundles, limited to users that no group covers yet. */
export function uncovered(bundles: readonly Bundle[], covered: Covered): readonly Bundle[] {
  return bundles
    .map((bundle) => ({
      ...bundle,
      // Only the add-ons count: their prerequisites are in the bundle because of them.
      holders: bundle.holders.filter((id) => !bundle.leads.every((skuId) => covered.get(id)?.has(skuId) === true)),
    }))
    .filter(({ holders }) => holders.length > 0);
}

/**
 * The group that gives the user the whole direct licence, `Active` and without error, by the group's present
 * licences.
 */
function sourceOf(
  direct: Assignment,
  user: DiscoveredUser,
  groups: ReadonlyMap<Guid, LicensedGroup>,
  catalog: Catalog,
): LicensedGroup | null {
  if (!catalog.has(direct.skuId)) return null;
  const wanted = catalog.enabledPlans(direct);
  for (const { skuId, assignedByGroup, state, error } of user.assignments.filter(isFromGroup)) {
    if (skuId !== direct.skuId || state !== "Active" || error !== null) continue;
    const group = groups.get(assignedByGroup);
    const given = group?.licenses.find((license) => license.skuId === skuId);
    if (given !== undefined && missing(wanted, catalog.enabledPlans(given)).length === 0) return group ?? null;
  }
  return null;
}
