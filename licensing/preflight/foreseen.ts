import type { Guid, LicenseErrorCause } from "../model";
import type { TenantSnapshot } from "../snapshot";
import { cohortsOf, type ChangedGroup, type Cohort } from "./cohort";
import { conflictsOf } from "./conflicts";
import { formerConflictsOf } from "./exclusive-plans";
import type { Failure } from "./failure";
import { observe } from "./observed";
import { seatsOf, type SeatReading } from "./seats";
import { relationsIn, type TenantRelations } from "./tenant-relations";

/** The users affected by the run's changes to groups, and the licences that Entra will not be able to give them. */
export interface Foreseen {
  readonly cohorts: readonly Cohort[];
  /** Failures that concern certain members. */
  readonly conflicts: readonly Failure[];
  /** Exchange plans that Entra refused beside each other until 2023, and accepts today. */
  readonly formerConflicts: readonly Failure[];
  /** Members with a licence that the plan counts as failing: see `isPlannedWith`. They get none of the group's other licences either. */
  readonly failing: ReadonlySet<Cohort>;
  /** SKUs and their seats. If seats are missing, Entra decides which members get none. */
  readonly seats: readonly SeatReading[];
  /** Known rules between plans; `null`: not computed, because no user is affected. */
  readonly relations: TenantRelations | null;
}

/**
 * @param snapshot the tenant's present state, with joining users already among the members
 * @param country the tenant's country, two letters; `null`: unknown
 */
export function foreseeTrouble(
  groups: readonly ChangedGroup[],
  snapshot: TenantSnapshot,
  country: string | null,
): Foreseen {
  const cohorts = cohortsOf(groups, snapshot, country);
  // Without affected users, there is nothing to compare with other users' errors.
  if (cohorts.length === 0)
    return { cohorts, conflicts: [], formerConflicts: [], failing: new Set(), seats: [], relations: null };
  const { catalog, users } = snapshot;
  const relations = relationsIn(catalog, users.values());
  const conflicts = conflictsOf(cohorts, observe(snapshot, country), relations, catalog, country);
  // A group gives all or nothing: a member with one certain failure takes no seat of the others.
  const surely = new Set(conflicts.filter(({ isSure }) => isSure).map(({ cohort }) => cohort));
  return {
    cohorts,
    conflicts,
    formerConflicts: formerConflictsOf(cohorts, relations, catalog),
    failing: new Set(conflicts.filter(isPlannedWith).map(({ cohort }) => cohort)),
    seats: seatsOf(cohorts, surely, catalog),
    relations,
  };
}

/** Predicted errors of members' entries, by group, user and SKU. */
export type FailingMembers = ReadonlyMap<Guid, ReadonlyMap<Guid, ReadonlyMap<Guid, LicenseErrorCause>>>;

/** Certain failures, and failures of one of two groups. Other doubts are findings, and the gate decides. */
export function isPlannedWith({ isSure, insteadOf }: Failure): boolean {
  // check: of two groups that bring excluding plans, the plan counts on neither
  return isSure || insteadOf !== undefined;
}

/** Missing seats are left out, because Entra decides which members get none. */
export function failingMembers({ conflicts }: Pick<Foreseen, "conflicts">): FailingMembers {
  const byGroup = new Map<Guid, Map<Guid, Map<Guid, LicenseErrorCause>>>();
  for (const { cohort, skuId, cause } of conflicts.filter(isPlannedWith)) {
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
