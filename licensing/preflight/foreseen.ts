import type { Guid, LicenseErrorCause } from "../model";
import type { TenantSnapshot } from "../snapshot";
import { cohortsOf, type ChangedGroup, type Cohort } from "./cohort";
import { conflictsOf } from "./conflicts";
import type { Failure } from "./failure";
import { observe } from "./observed";
import { seatsOf, type SeatReading } from "./seats";

/** Whom a change of the groups reaches, and for whom Entra will not be able to carry it out, as far as can be told before. */
export interface Foreseen {
  readonly cohorts: readonly Cohort[];
  /** Each is about somebody in particular. */
  readonly conflicts: readonly Failure[];
  /** So many go without a seat; who of them is Entra's to decide. */
  readonly seats: readonly SeatReading[];
}

/** @param snapshot the tenant as it is, with those who join in this run among the members */
export function foreseeTrouble(
  groups: readonly ChangedGroup[],
  snapshot: TenantSnapshot,
  country: string | null,
): Foreseen {
  const cohorts = cohortsOf(groups, snapshot, country);
  // With nothing to come there is nothing to compare with what is seen elsewhere.
  const conflicts = cohorts.length === 0 ? [] : conflictsOf(cohorts, observe(snapshot, country), snapshot.catalog);
  // A group gives all or nothing: for whom one licence fails, none of them takes a seat.
  const failing = new Set(conflicts.map(({ cohort }) => cohort));
  const others = cohorts.filter((cohort) => !failing.has(cohort));
  return { cohorts, conflicts, seats: seatsOf(others, snapshot.catalog) };
}

/** What a member's entry of a group would say when the group has been changed: the SKU that fails, and why. */
export type FailingMembers = ReadonlyMap<Guid, ReadonlyMap<Guid, ReadonlyMap<Guid, LicenseErrorCause>>>;

/** By group, user and SKU. Seats are not among it: a guess about one person would be wrong about another. */
export function failingMembers({ conflicts }: Pick<Foreseen, "conflicts">): FailingMembers {
  const byGroup = new Map<Guid, Map<Guid, Map<Guid, LicenseErrorCause>>>();
  for (const { cohort, skuId, cause } of conflicts) {
    if (cause === "seat") continue;
    const { groupId } = cohort.group.declared;
    const byUser = byGroup.get(groupId) ?? new Map<Guid, Map<Guid, LicenseErrorCause>>();
    byGroup.set(groupId, byUser);
    for (const userId of cohort.userIds) {
      const bySku = byUser.get(userId) ?? new Map<Guid, LicenseErrorCause>();
      byUser.set(userId, bySku);
      if (!bySku.has(skuId)) bySku.set(skuId, CAUSES[cause]);
    }
  }
  return byGroup;
}

const CAUSES = {
  exclusive: "MutuallyExclusiveViolation",
  prerequisite: "DependencyViolation",
  location: "ProhibitedInUsageLocationViolation",
} as const;
