import type { Guid } from "../model";
import { plansThen, type Cohort } from "./cohort";
import { surest, type Cause } from "./failure";
import { isWithin, type ObservedConflicts } from "./observed";
import type { Need, TenantRelations } from "./tenant-relations";

/**
 * A plan of the licence that needs one that these users would lack: seen as an error in this tenant, or else by
 * Microsoft's documents.
 *
 * @param plans what the licence enables
 */
export function prerequisiteOf(
  cohort: Cohort,
  skuId: Guid,
  plans: ReadonlySet<Guid>,
  observed: ObservedConflicts,
  relations: TenantRelations,
): Cause | null {
  const then = plansThen(cohort);
  const isSeen = observed.prerequisite.some(
    (each) => each.skuId === skuId && isWithin(each.plans, plans) && isWithin(then, each.beside),
  );
  return isSeen
    ? { detail: "it needs a plan that they lack, as for others in this tenant now", isSure: true }
    : missingPrerequisite(cohort, plans, relations.prerequisites);
}

function missingPrerequisite(cohort: Cohort, plans: ReadonlySet<Guid>, needs: readonly Need[]): Cause | null {
  const causes = needs.flatMap(({ plan, others, words, isSure, isSureInGroup }): Cause[] => {
    // A member that lacks the need today waives it: only a swap in one call, whose old licence does not count, takes it away.
    // check: a swap in one call leaves no member a plan without what it needs
    const keepsOld = cohort.plansNow.has(plan);
    if (!plans.has(plan) && !keepsOld) return [];
    if (others.some((each) => cohort.plansNow.has(each) || cohort.plansOwn.has(each))) return [];
    const giver = cohort.coming.find((other) => others.some((each) => other.plans.has(each)));
    if (giver === undefined) {
      return [
        keepsOld ? { detail: `${words}, which goes off the group`, isSure, keepsOld } : { detail: words, isSure },
      ];
    }
    // Where Entra wants both in one group, the group as a whole is refused.
    if (!isSure || (isSureInGroup && !keepsOld)) return [];
    return [{ detail: `${words}, which ${giver.group.displayName} gives in the same run`, isSure: false }];
  });
  return surest(causes);
}
