import type { Catalog } from "../catalog/catalog";
import { effectivePlans, inForce } from "../effective-plans";
import { isFromGroup, type Assignment, type Guid, type License, type LicensedUser } from "../model";

/**
 * A licence that failed for a user, with the plans around it. It will fail for other users with at least the same
 * plans.
 */
export interface Observed {
  readonly skuId: Guid;
  /** The plans that the licence should have enabled. */
  readonly plans: ReadonlySet<Guid>;
  /**
   * `exclusive`: plans of which at least one conflicts; `prerequisite`: all plans present, none of which was
   * enough.
   */
  readonly beside: ReadonlySet<Guid>;
}

export interface ObservedConflicts {
  readonly exclusive: readonly Observed[];
  readonly prerequisite: readonly Observed[];
  /** `skuId location`. */
  readonly prohibited: ReadonlySet<string>;
  /** True if at least two users there have the SKU without an error. One alone may have moved there with it. */
  readonly isUsedAt: (skuId: Guid, location: string) => boolean;
}

type Entry = Omit<Assignment, "changedAtMs">;
type User = Pick<LicensedUser, "usageLocation"> & { readonly assignments: readonly Entry[] };

/** A tenant snapshot, or a copy of one. */
export interface ObservedTenant {
  readonly catalog: Catalog;
  readonly users: ReadonlyMap<Guid, User>;
  readonly groups: ReadonlyMap<Guid, { readonly licenses: readonly License[] }>;
}

/**
 * Collects failures that the tenant shows now: group licences in error.
 *
 * @param country the tenant's country, two letters; `null`: unknown
 */
export function observe(snapshot: ObservedTenant, country: string | null): ObservedConflicts {
  const exclusive = new Map<string, Observed>();
  const prerequisite = new Map<string, Observed>();
  const prohibited = new Set<string>();
  for (const user of snapshot.users.values()) {
    for (const entry of user.assignments) {
      // `ActiveWithError` is skipped: its error may come from leaving a group.
      if (entry.state !== "Error" || !isFromGroup(entry)) continue;
      const location = user.usageLocation ?? country;
      if (entry.error === "ProhibitedInUsageLocationViolation" && location !== null) {
        prohibited.add(`${entry.skuId} ${location}`);
      }
      if (entry.error === "MutuallyExclusiveViolation") keep(exclusive, besides(user, entry, snapshot));
      if (entry.error === "DependencyViolation") keep(prerequisite, within(user, entry, snapshot));
    }
  }
  return {
    exclusive: [...exclusive.values()]
      .map((each) => withoutCompatible(each, snapshot))
      .filter(({ beside }) => beside.size > 0),
    prerequisite: [...prerequisite.values()],
    prohibited,
    isUsedAt: usersAt(snapshot, country),
  };
}

/** Counted at the first call: most runs make none. */
function usersAt({ users }: ObservedTenant, country: string | null): ObservedConflicts["isUsedAt"] {
  let counts: Map<string, Map<Guid, number>> | null = null;
  const counted = () => {
    const found = new Map<string, Map<Guid, number>>();
    for (const { usageLocation, assignments } of users.values()) {
      const location = usageLocation ?? country;
      if (location === null) continue;
      const bySku = found.get(location) ?? new Map<Guid, number>();
      found.set(location, bySku);
      const used = assignments.filter((entry) => inForce(entry) && entry.error === null);
      for (const skuId of new Set(used.map((entry) => entry.skuId))) bySku.set(skuId, (bySku.get(skuId) ?? 0) + 1);
    }
    return found;
  };
  return (skuId, location) => ((counts ??= counted()).get(location)?.get(skuId) ?? 0) > 1;
}

/** The user's other plans; at least one of them conflicts with the failed licence. */
function besides(user: User, entry: Entry, { catalog }: ObservedTenant): Observed {
  const plans = catalog.enabledPlans(entry);
  const others = [...effectivePlans(user, catalog)].filter((plan) => !plans.has(plan));
  return { skuId: entry.skuId, plans, beside: new Set(others) };
}

/**
 * All plans that the user would have had, including the group's other licences; the needed one is not among them.
 */
function within(user: User, entry: Entry, { catalog, groups }: ObservedTenant): Observed {
  const given = groups.get(entry.assignedByGroup ?? "")?.licenses ?? [];
  const plans = catalog.enabledPlans(entry);
  const all = [...effectivePlans(user, catalog), ...plans, ...given.flatMap((each) => [...catalog.enabledPlans(each)])];
  return { skuId: entry.skuId, plans, beside: new Set(all) };
}

/** Drops plans that another user has beside the same licence without an error: they do not conflict. */
function withoutCompatible(observed: Observed, { users, catalog }: ObservedTenant): Observed {
  const beside = new Set(observed.beside);
  for (const user of users.values()) {
    const holds = user.assignments.some(
      (entry) =>
        entry.skuId === observed.skuId &&
        inForce(entry) &&
        entry.error === null &&
        isWithin(observed.plans, catalog.enabledPlans(entry)),
    );
    if (holds) for (const plan of effectivePlans(user, catalog)) beside.delete(plan);
    if (beside.size === 0) break;
  }
  return { ...observed, beside };
}

export function isWithin(plans: ReadonlySet<Guid>, all: ReadonlySet<Guid>): boolean {
  return [...plans].every((plan) => all.has(plan));
}

function keep(found: Map<string, Observed>, observed: Observed): void {
  const { skuId, plans, beside } = observed;
  found.set([skuId, [...plans].sort().join(), [...beside].sort().join()].join(" "), observed);
}
