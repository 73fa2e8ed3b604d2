import type { Catalog } from "../catalog/catalog";
import type { Guid } from "../model";
import type { Cohort } from "./cohort";
import type { Failure } from "./failure";
import { isWithin, type ObservedConflicts } from "./observed";
import type { Relation, TenantRelations } from "./tenant-relations";

/** Number of plans named as possible causes if the error message names none. */
const SHOWN_SUSPECTS = 3;

/**
 * Licences that fail or may fail because of a rule between plans or of the location, by Microsoft's documents or by
 * errors seen in this tenant.
 */
export function conflictsOf(
  cohorts: readonly Cohort[],
  observed: ObservedConflicts,
  relations: TenantRelations,
  catalog: Catalog,
): readonly Failure[] {
  return cohorts.flatMap((cohort) =>
    cohort.group.changes.flatMap(({ license }): Failure[] => {
      const plans = catalog.enabledPlans(license);
      const at = { cohort, skuId: license.skuId };
      const clash = seenExclusive(cohort, license.skuId, plans) ?? pairOf(cohort, plans, relations.exclusive);
      const need = seenNeed(cohort, license.skuId, plans) ?? missingPrerequisite(cohort, plans);
      const place = cohort.location;
      return [
        ...(clash === null ? [] : [{ ...at, cause: "exclusive" as const, ...clash }]),
        ...(need === null ? [] : [{ ...at, cause: "prerequisite" as const, ...need }]),
        ...(place !== null && observed.prohibited.has(`${license.skuId} ${place}`)
          ? [{ ...at, cause: "location" as const, detail: place, isSure: true }]
          : []),
      ];
    }),
  );

  function seenExclusive({ plansNow }: Cohort, skuId: Guid, plans: ReadonlySet<Guid>): Cause | null {
    const seen = observed.exclusive.find(
      (each) => each.skuId === skuId && isWithin(each.plans, plans) && isWithin(each.beside, plansNow),
    );
    if (seen === undefined) return null;
    const listed = [...relations.exclusive, ...relations.formerlyExclusive].find(
      ({ plan, others: [other = ""] }) =>
        (seen.beside.has(plan) && seen.plans.has(other)) || (seen.beside.has(other) && seen.plans.has(plan)),
    );
    const what = listed?.words ?? `one of its plans beside ${suspects(seen.beside)}`;
    return { detail: `${what}, as for others in this tenant now`, isSure: true };
  }

  function missingPrerequisite({ plansNow, plansThen }: Cohort, plans: ReadonlySet<Guid>): Cause | null {
    const lacking = relations.prerequisites.filter(
      ({ plan, others }) => plans.has(plan) && !plansNow.has(plan) && !others.some((each) => plansThen.has(each)),
    );
    return surest(lacking);
  }

  function seenNeed({ plansThen }: Cohort, skuId: Guid, plans: ReadonlySet<Guid>): Cause | null {
    const seen = observed.prerequisite.some(
      (each) => each.skuId === skuId && isWithin(each.plans, plans) && isWithin(plansThen, each.beside),
    );
    return seen ? { detail: "it needs a plan that they lack, as for others in this tenant now", isSure: true } : null;
  }

  function suspects(planIds: ReadonlySet<Guid>): string {
    const names = [...planIds].map((id) => catalog.planName(id)).sort();
    const more = names.length - SHOWN_SUSPECTS;
    return `${names.slice(0, SHOWN_SUSPECTS).join(" or ")}${more > 0 ? ` or one of ${more} more` : ""}`;
  }
}

type Cause = Pick<Failure, "detail" | "isSure">;

/** Combinations of Exchange plans that Entra refused until 2023 and accepts today. They are notes, not failures. */
export function formerConflictsOf(
  cohorts: readonly Cohort[],
  { formerlyExclusive }: TenantRelations,
  catalog: Catalog,
): readonly Failure[] {
  return cohorts.flatMap((cohort) =>
    cohort.group.changes.flatMap(({ license }): Failure[] => {
      const pair = pairOf(cohort, catalog.enabledPlans(license), formerlyExclusive);
      return pair === null
        ? []
        : [{ cohort, skuId: license.skuId, cause: "exclusive", detail: pair.detail, isSure: false }];
    }),
  );
}

/**
 * A pair of plans that the licence brings together: one is in the licence, the user has the other or gets it from
 * another group.
 */
function pairOf({ plansNow, plansThen }: Cohort, plans: ReadonlySet<Guid>, pairs: readonly Relation[]): Cause | null {
  const clashes = pairs.filter(({ plan, others: [other = ""] }) => {
    if (plansNow.has(plan) && plansNow.has(other)) return false;
    return plansThen.has(plan) && plansThen.has(other) && (plans.has(plan) || plans.has(other));
  });
  return surest(clashes);
}

function surest(relations: readonly Relation[]): Cause | null {
  const found = relations.find(({ isSure }) => isSure) ?? relations[0];
  return found === undefined ? null : { detail: found.words, isSure: found.isSure };
}
