import type { Catalog } from "../catalog/catalog";
import type { Guid, License } from "../model";
import { plansThen, type Cohort } from "./cohort";
import { surest, type Cause, type Failure } from "./failure";
import type { TenantSnapshot } from "../snapshot";
import { isWithin, observe, type ObservedConflicts } from "./observed";
import { relationsIn, type Relation, type TenantRelations } from "./tenant-relations";

/** Number of plans named as possible causes if the error message names none. */
const SHOWN_SUSPECTS = 3;

/**
 * A plan of the licence that excludes another plan of these users: seen as an error in this tenant, or else by
 * Microsoft's list.
 *
 * @param plans what the licence enables
 */
export function exclusionOf(
  cohort: Pick<Cohort, "plansNow" | "plansOwn" | "coming">,
  skuId: Guid,
  plans: ReadonlySet<Guid>,
  observed: ObservedConflicts,
  relations: TenantRelations,
  catalog: Catalog,
): Cause | null {
  const seen = observed.exclusive.find(
    (each) => each.skuId === skuId && isWithin(each.plans, plans) && isWithin(each.beside, cohort.plansNow),
  );
  if (seen === undefined) return clashOf(cohort, plans, relations.exclusive);
  const listed = [...relations.exclusive, ...relations.formerlyExclusive].find(
    ({ plan, others: [other = ""] }) =>
      (seen.beside.has(plan) && seen.plans.has(other)) || (seen.beside.has(other) && seen.plans.has(plan)),
  );
  const what = listed?.words ?? `one of its plans beside ${suspects(seen.beside, catalog)}`;
  return { detail: `${what}, as for others in this tenant now`, isSure: true };
}

/**
 * A pair of plans that the licence brings together. It fails if the user has the other plan or the same group gives it.
 * If another group gives the other plan in the same run, one of the two groups fails.
 */
function clashOf(
  cohort: Parameters<typeof exclusionOf>[0],
  plans: ReadonlySet<Guid>,
  pairs: readonly Relation[],
): Cause | null {
  const here = new Set([...cohort.plansNow, ...cohort.plansOwn]);
  const causes = broughtBy(cohort, plans, pairs).flatMap((pair): Cause[] => {
    const { plan, others, words, isSure } = pair;
    if (bothIn(here, pair)) return [{ detail: words, isSure }];
    const [mine, theirs] = plans.has(plan) ? [plan, others[0] ?? ""] : [others[0] ?? "", plan];
    // The user has this plan already: the other group fails.
    if (cohort.plansNow.has(mine)) return [];
    const other = cohort.coming.find((each) => each.plans.has(theirs));
    if (other === undefined) return [];
    return [{ detail: words, isSure: false, ...(isSure ? { insteadOf: other.group.displayName } : {}) }];
  });
  return surest(causes);
}

/**
 * True if a user surely cannot have both licences, judged by the whole tenant. It is read only when it is asked for.
 *
 * @param snapshot the tenant's present state
 */
export function exclusionsIn({
  catalog,
  users,
  groups,
}: Pick<TenantSnapshot, "catalog" | "users" | "groups">): (off: License, add: License) => boolean {
  let known: { readonly observed: ObservedConflicts; readonly relations: TenantRelations } | null = null;
  return (off, add) => {
    known ??= { observed: observe({ catalog, users, groups }, null), relations: relationsIn(catalog, users.values()) };
    return excludes(off, add, known.observed, known.relations, catalog);
  };
}

/** True if a user surely cannot have both licences: by Microsoft's list, or by errors seen in this tenant. */
function excludes(
  one: License,
  other: License,
  observed: ObservedConflicts,
  relations: TenantRelations,
  catalog: Catalog,
): boolean {
  const plans = catalog.enabledPlans(other);
  const beside = { plansNow: catalog.enabledPlans(one), plansOwn: plans, coming: [] };
  return exclusionOf(beside, other.skuId, plans, observed, relations, catalog)?.isSure === true;
}

/** Combinations of Exchange plans that Entra refused until 2023 and accepts today. They are notes, not failures. */
export function formerConflictsOf(
  cohorts: readonly Cohort[],
  { formerlyExclusive }: TenantRelations,
  catalog: Catalog,
): readonly Failure[] {
  return cohorts.flatMap((cohort) =>
    cohort.group.changes.flatMap(({ license }): Failure[] => {
      const plans = catalog.enabledPlans(license);
      const then = plansThen(cohort);
      const pair = broughtBy(cohort, plans, formerlyExclusive).find((each) => bothIn(then, each));
      return pair === undefined
        ? []
        : [{ cohort, skuId: license.skuId, cause: "exclusive", detail: pair.words, isSure: false }];
    }),
  );
}

/** Pairs with a plan in the licence, except pairs that the user has already. */
function broughtBy(
  { plansNow }: Pick<Cohort, "plansNow">,
  plans: ReadonlySet<Guid>,
  pairs: readonly Relation[],
): readonly Relation[] {
  return pairs.filter(
    (pair) => !bothIn(plansNow, pair) && (plans.has(pair.plan) || pair.others.some((other) => plans.has(other))),
  );
}

function bothIn(plans: ReadonlySet<Guid>, { plan, others }: Relation): boolean {
  return plans.has(plan) && others.every((other) => plans.has(other));
}

function suspects(planIds: ReadonlySet<Guid>, catalog: Catalog): string {
  const names = [...planIds].map((id) => catalog.planName(id)).sort();
  const more = names.length - SHOWN_SUSPECTS;
  return `${names.slice(0, SHOWN_SUSPECTS).join(" or ")}${more > 0 ? ` or one of ${more} more` : ""}`;
}
