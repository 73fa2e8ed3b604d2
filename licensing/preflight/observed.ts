import type { Catalog } from "../catalog/catalog";
import { effectivePlans, inForce } from "../effective-plans";
import type { Assignment, Guid, License, LicensedUser } from "../model";

/** A licence that failed for somebody, and what it failed beside: whoever has at least that will fail as well. */
export interface Observed {
  readonly skuId: Guid;
  /** The plans that the licence was to enable. */
  readonly plans: ReadonlySet<Guid>;
  /** For `exclusive`, plans of which one or several are in the way; for `prerequisite`, all plans that did not help. */
  readonly beside: ReadonlySet<Guid>;
}

export interface ObservedConflicts {
  readonly exclusive: readonly Observed[];
  readonly prerequisite: readonly Observed[];
  /** `skuId location`. */
  readonly prohibited: ReadonlySet<string>;
}

type Entry = Omit<Assignment, "changedAtMs">;
type User = Pick<LicensedUser, "usageLocation"> & { readonly assignments: readonly Entry[] };

/** A snapshot, or a copy of one. */
export interface ObservedTenant {
  readonly catalog: Catalog;
  readonly users: ReadonlyMap<Guid, User>;
  readonly groups: ReadonlyMap<Guid, { readonly licenses: readonly License[] }>;
}

/** What the tenant shows by itself: licences of groups that are in error now. */
export function observe(snapshot: ObservedTenant, country: string | null): ObservedConflicts {
  const exclusive = new Map<string, Observed>();
  const prerequisite = new Map<string, Observed>();
  const prohibited = new Set<string>();
  for (const user of snapshot.users.values()) {
    for (const entry of user.assignments) {
      // Only what never got through: `ActiveWithError` may be about leaving a group.
      if (entry.state !== "Error" || entry.assignedByGroup === null) continue;
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
  };
}

/** What the user can use besides the licence that failed: something of it is in the way. */
function besides(user: User, entry: Entry, { catalog }: ObservedTenant): Observed {
  const plans = catalog.enabledPlans(entry);
  const others = [...effectivePlans(user, catalog)].filter((plan) => !plans.has(plan));
  return { skuId: entry.skuId, plans, beside: new Set(others) };
}

/** All that the user would have had, with everything that the same group gives: what was needed is not among it. */
function within(user: User, entry: Entry, { catalog, groups }: ObservedTenant): Observed {
  const given = groups.get(entry.assignedByGroup ?? "")?.licenses ?? [];
  const plans = catalog.enabledPlans(entry);
  const all = [...effectivePlans(user, catalog), ...plans, ...given.flatMap((each) => [...catalog.enabledPlans(each)])];
  return { skuId: entry.skuId, plans, beside: new Set(all) };
}

/** A plan that somebody has beside the same licence, without an error, is not what is in the way. */
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
