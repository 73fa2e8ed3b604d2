import type { Catalog } from "../catalog/catalog";
import type { Guid, License } from "../model";
import type { Cohort } from "./cohort";
import { exclusionOf } from "./exclusive-plans";
import type { Failure } from "./failure";
import type { ObservedConflicts } from "./observed";
import { prerequisiteOf } from "./prerequisites";
import type { TenantRelations } from "./tenant-relations";
import { locationOf } from "./usage-location";

/**
 * Licences that fail or may fail because of a rule between plans or of the location, by Microsoft's documents or by
 * errors seen in this tenant. A group that is certain to fail gives its members nothing, which may decide about another
 * group: repeated until nothing changes.
 *
 * @param country the tenant's country, two letters; `null`: unknown
 */
export function conflictsOf(
  cohorts: readonly Cohort[],
  observed: ObservedConflicts,
  relations: TenantRelations,
  catalog: Catalog,
  country: string | null,
): readonly Failure[] {
  for (let failing = new Map<Guid, ReadonlySet<Guid>>(); ;) {
    const conflicts = judge(failing);
    const then = failingIn(conflicts);
    if (countOf(then) === countOf(failing)) return conflicts;
    failing = then;
  }

  function judge(failing: ReadonlyMap<Guid, ReadonlySet<Guid>>): readonly Failure[] {
    return cohorts.flatMap((cohort) => {
      const coming = cohort.coming.filter(({ group }) => failing.get(group.groupId)?.has(cohort.like.id) !== true);
      const found = cohort.group.changes.flatMap(({ license }) => judgeLicense({ ...cohort, coming }, license));
      const own = found.map((failure) => ({ ...failure, cohort }));
      // A certain failure does not depend on another group.
      return own.some(({ isSure }) => isSure) ? own.filter(({ insteadOf }) => insteadOf === undefined) : own;
    });
  }

  function judgeLicense(cohort: Cohort, license: License): Failure[] {
    const { skuId } = license;
    const plans = catalog.enabledPlans(license);
    const at = { cohort, skuId };
    const clash = exclusionOf(cohort, skuId, plans, observed, relations, catalog);
    const need = prerequisiteOf(cohort, skuId, plans, observed, relations);
    const place = locationOf(cohort, skuId, observed, country);
    return [
      ...(clash === null ? [] : [{ ...at, cause: "exclusive" as const, ...clash }]),
      ...(need === null ? [] : [{ ...at, cause: "prerequisite" as const, ...need }]),
      ...(place === null ? [] : [{ ...at, cause: "location" as const, ...place }]),
    ];
  }
}

/** By group, the members that are certain to fail. */
function failingIn(conflicts: readonly Failure[]): Map<Guid, ReadonlySet<Guid>> {
  const failing = new Map<Guid, Set<Guid>>();
  for (const { cohort, isSure } of conflicts) {
    if (!isSure) continue;
    const { groupId } = cohort.group.declared;
    const users = failing.get(groupId) ?? new Set<Guid>();
    failing.set(groupId, users);
    for (const userId of cohort.userIds) users.add(userId);
  }
  return failing;
}

const countOf = (failing: ReadonlyMap<Guid, ReadonlySet<Guid>>): number =>
  [...failing.values()].reduce((sum, users) => sum + users.size, 0);
