import type { Guid, LicenseErrorCause } from "../model";
import type { TenantSnapshot } from "../snapshot";
import { cohortsOf, type ChangedGroup, type Cohort } from "./cohort";
import { conflictsOf, formerConflictsOf } from "./conflicts";
import type { Failure } from "./failure";
import { observe } from "./observed";
import { seatsOf, type SeatReading } from "./seats";
import { relationsIn, type TenantRelations } from "./tenant-relations";

/** Whom a change of the groups reaches, and for whom Entra will not be able to carry it out, as far as can be told before. */
export interface Foreseen {
  readonly cohorts: readonly Cohort[];
  /** Each is about somebody in particular. */
  readonly conflicts: readonly Failure[];
  /** Exchange plans that Entra refused beside each other until 2023, and accepts today. */
  readonly formerConflicts: readonly Failure[];
  /** Members for whom a licence of the group is sure to fail: they get none of its others either. */
  readonly failing: ReadonlySet<Cohort>;
  /** So many go without a seat; who of them is Entra's to decide. */
  readonly seats: readonly SeatReading[];
  /** What is known between plans; `null`: nobody is reached, and it was not looked for. */
  readonly relations: TenantRelations | null;
}

/** @param snapshot the tenant as it is, with those who join in this run among the members */
export function foreseeTrouble(
  groups: readonly ChangedGroup[],
  snapshot: TenantSnapshot,
  country: string | null,
): Foreseen {
  const cohorts = cohortsOf(groups, snapshot, country);
  // With nothing to come there is nothing to compare with what is seen elsewhere.
  if (cohorts.length === 0)
    return { cohorts, conflicts: [], formerConflicts: [], failing: new Set(), seats: [], relations: null };
  const { catalog, users } = snapshot;
  const relations = relationsIn(catalog, users.values());
  const conflicts = conflictsOf(cohorts, observe(snapshot, country), relations, catalog);
  // A group gives all or nothing: for whom one licence fails, none of them takes a seat.
  const failing = new Set(conflicts.filter(({ isSure }) => isSure).map(({ cohort }) => cohort));
  const others = cohorts.filter((cohort) => !failing.has(cohort));
  return {
    cohorts,
    conflicts,
    formerConflicts: formerConflictsOf(cohorts, relations, catalog),
    failing,
    seats: seatsOf(others, catalog),
    relations,
  };
}

/** What a member's entry of a group would say when the group has been changed: the SKU that fails, and why. */
export type FailingMembers = ReadonlyMap<Guid, ReadonlyMap<Guid, ReadonlyMap<Guid, LicenseErrorCause>>>;

/** By group, user and SKU. Seats are not among it: a guess about one person would be wrong about another. */
export function failingMembers({ conflicts }: Pick<Foreseen, "conflicts">): FailingMembers {
  const byGroup = new Map<Guid, Map<Guid, Map<Guid, LicenseErrorCause>>>();
  for (const { cohort, skuId, cause, isSure } of conflicts) {
    if (cause === "seat" || !isSure) continue;
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
