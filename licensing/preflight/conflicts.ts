import type { Catalog } from "../catalog";
import type { Guid } from "../model";
import type { Cohort } from "./cohort";
import type { Failure } from "./failure";
import { isWithin, type ObservedConflicts } from "./observed";
import { EXCLUSIVE, FORMERLY_EXCLUSIVE, PREREQUISITES, type Exclusive } from "./plan-relations";

/** Licences that would fail by a rule between plans or by a location: known from documents, or seen in this tenant. */
export function conflictsOf(
  cohorts: readonly Cohort[],
  observed: ObservedConflicts,
  catalog: Catalog,
): readonly Failure[] {
  return cohorts.flatMap((cohort) =>
    cohort.group.changes.flatMap(({ license }): Failure[] => {
      const plans = catalog.enabledPlans(license);
      const at = { cohort, skuId: license.skuId };
      const clash = exclusivePair(cohort, plans, EXCLUSIVE, catalog) ?? seenExclusive(cohort, license.skuId, plans);
      const need = missingPrerequisite(cohort, plans) ?? seenNeed(cohort, license.skuId, plans);
      const place = cohort.location;
      return [
        ...(clash === null ? [] : [{ ...at, cause: "exclusive" as const, detail: clash }]),
        ...(need === null ? [] : [{ ...at, cause: "prerequisite" as const, detail: need }]),
        ...(place !== null && observed.prohibited.has(`${license.skuId} ${place}`)
          ? [{ ...at, cause: "location" as const, detail: place }]
          : []),
      ];
    }),
  );

  function seenExclusive({ plansNow }: Cohort, skuId: Guid, plans: ReadonlySet<Guid>): string | null {
    const seen = observed.exclusive.find(
      (each) => each.skuId === skuId && isWithin(each.plans, plans) && isWithin(each.beside, plansNow),
    );
    return seen === undefined ? null : `${namesOf(seen.beside)}, as for others in this tenant now`;
  }

  function missingPrerequisite({ plansNow, plansThen }: Cohort, plans: ReadonlySet<Guid>): string | null {
    for (const { plan, needsOneOf } of PREREQUISITES) {
      const id = idOf(plan, catalog);
      const needed = needsOneOf.flatMap((name) => idOf(name, catalog) ?? []);
      // A prerequisite that the tenant has not bought at all may go by a name that this list does not know.
      if (id === null || !plans.has(id) || needed.length === 0) continue;
      // Who has the add-on today without it shows that it goes without it here.
      if (plansNow.has(id) || needed.some((each) => plansThen.has(each))) continue;
      return `${plan} needs ${needsOneOf.join(" or ")}`;
    }
    return null;
  }

  function seenNeed({ plansThen }: Cohort, skuId: Guid, plans: ReadonlySet<Guid>): string | null {
    const seen = observed.prerequisite.some(
      (each) => each.skuId === skuId && isWithin(each.plans, plans) && isWithin(plansThen, each.beside),
    );
    return seen ? "it needs a plan that they lack, as for others in this tenant now" : null;
  }

  function namesOf(planIds: ReadonlySet<Guid>): string {
    return [...planIds]
      .map((id) => catalog.planName(id))
      .sort()
      .join(" or ");
  }
}

/** Plans that excluded each other once: `EXCHANGE_S_ENTERPRISE beside EXCHANGE_S_STANDARD`, or `null`. */
export function formerConflict(cohort: Cohort, plans: ReadonlySet<Guid>, catalog: Catalog): string | null {
  return exclusivePair(cohort, plans, FORMERLY_EXCLUSIVE, catalog);
}

/** A pair that the licence brings together: one plan in it, the other one there already, or coming from another group. */
function exclusivePair(
  { plansNow, plansThen }: Cohort,
  plans: ReadonlySet<Guid>,
  table: readonly Exclusive[],
  catalog: Catalog,
): string | null {
  for (const { plan, others } of table) {
    for (const other of others) {
      const [a, b] = [idOf(plan, catalog), idOf(other, catalog)];
      if (a === null || b === null || (plansNow.has(a) && plansNow.has(b))) continue;
      if (plansThen.has(a) && plansThen.has(b) && (plans.has(a) || plans.has(b))) return `${plan} beside ${other}`;
    }
  }
  return null;
}

function idOf(planName: string, { skus }: Catalog): Guid | null {
  for (const { servicePlans } of skus) for (const { id, name } of servicePlans) if (name === planName) return id;
  return null;
}
