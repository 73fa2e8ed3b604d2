import type { Catalog } from "../catalog/catalog";
import type { Guid, License } from "../model";
import type { Cohort, PlansComing } from "./cohort";
import type { Failure } from "./failure";
import { isWithin, type ObservedConflicts } from "./observed";
import type { Relation, TenantRelations } from "./tenant-relations";

/** Number of plans named as possible causes if the error message names none. */
const SHOWN_SUSPECTS = 3;

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
    const clash = seenExclusive(cohort, skuId, plans) ?? clashOf(cohort, plans, relations.exclusive);
    const need = seenNeed(cohort, skuId, plans) ?? missingPrerequisite(cohort, plans);
    const place = locationOf(cohort, skuId);
    return [
      ...(clash === null ? [] : [{ ...at, cause: "exclusive" as const, ...clash }]),
      ...(need === null ? [] : [{ ...at, cause: "prerequisite" as const, ...need }]),
      ...(place === null ? [] : [{ ...at, cause: "location" as const, ...place }]),
    ];
  }

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

  function missingPrerequisite(cohort: Cohort, plans: ReadonlySet<Guid>): Cause | null {
    const causes = relations.prerequisites.flatMap(({ plan, others, words, isSure, isSureInGroup }): Cause[] => {
      if (!plans.has(plan) || cohort.plansNow.has(plan)) return [];
      if (others.some((each) => cohort.plansNow.has(each) || cohort.plansOwn.has(each))) return [];
      const giver = cohort.coming.find((other) => others.some((each) => other.plans.has(each)));
      if (giver === undefined) return [{ detail: words, isSure }];
      // Where Entra wants both in one group, the group as a whole is refused.
      if (!isSure || isSureInGroup) return [];
      return [{ detail: `${words}, which ${giver.group.displayName} gives in the same run`, isSure: false }];
    });
    return surest(causes);
  }

  function seenNeed(cohort: Cohort, skuId: Guid, plans: ReadonlySet<Guid>): Cause | null {
    const then = plansThen(cohort);
    const seen = observed.prerequisite.some(
      (each) => each.skuId === skuId && isWithin(each.plans, plans) && isWithin(then, each.beside),
    );
    return seen ? { detail: "it needs a plan that they lack, as for others in this tenant now", isSure: true } : null;
  }

  /** Graph has no request that says whether a SKU is sold in a country. */
  function locationOf({ location }: Cohort, skuId: Guid): Cause | null {
    if (location === null) return null;
    if (observed.prohibited.has(`${skuId} ${location}`)) return { detail: location, isSure: true };
    // check: a country where no two users have the SKU is unknown
    const isKnown = location === country || observed.isUsedAt(skuId, location);
    return isKnown ? null : { detail: location, isSure: false };
  }

  function suspects(planIds: ReadonlySet<Guid>): string {
    const names = [...planIds].map((id) => catalog.planName(id)).sort();
    const more = names.length - SHOWN_SUSPECTS;
    return `${names.slice(0, SHOWN_SUSPECTS).join(" or ")}${more > 0 ? ` or one of ${more} more` : ""}`;
  }
}

type Cause = Pick<Failure, "detail" | "isSure" | "insteadOf">;

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

/**
 * A pair of plans that the licence brings together. It fails if the user has the other plan or the same group gives it.
 * If another group gives the other plan in the same run, one of the two groups fails.
 */
function clashOf(cohort: Cohort, plans: ReadonlySet<Guid>, pairs: readonly Relation[]): Cause | null {
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

/** Pairs with a plan in the licence, except pairs that the user has already. */
function broughtBy({ plansNow }: Cohort, plans: ReadonlySet<Guid>, pairs: readonly Relation[]): readonly Relation[] {
  return pairs.filter(
    (pair) => !bothIn(plansNow, pair) && (plans.has(pair.plan) || pair.others.some((other) => plans.has(other))),
  );
}

function bothIn(plans: ReadonlySet<Guid>, { plan, others }: Relation): boolean {
  return plans.has(plan) && others.every((other) => plans.has(other));
}

function plansThen({ plansNow, plansOwn, coming }: Cohort): ReadonlySet<Guid> {
  return new Set([...plansNow, ...plansOwn, ...coming.flatMap(({ plans }: PlansComing) => [...plans])]);
}

function surest(causes: readonly Cause[]): Cause | null {
  return (
    causes.find(({ isSure }) => isSure) ?? causes.find(({ insteadOf }) => insteadOf !== undefined) ?? causes[0] ?? null
  );
}
