import type { Catalog } from "./catalog/catalog";
import type { Assignment, Guid, License, LicensedUser } from "./model";

/** In force: `Active`, and `ActiveWithError`, which is still applied though its last reconciliation failed. */
export function inForce(assignment: Pick<Assignment, "state">): boolean {
  return assignment.state === "Active" || assignment.state === "ActiveWithError";
}

/** The user's plans by their entries: the union over the sources in force, as far as they apply to users. */
export function effectivePlans(
  user: { readonly assignments: readonly Pick<Assignment, "skuId" | "disabledPlans" | "state">[] },
  catalog: Catalog,
): ReadonlySet<Guid> {
  return unionOfPlans(user.assignments.filter(inForce), catalog);
}

const NONE: ReadonlySet<Guid> = new Set();

/**
 * Those of them that work now, as far as can be told: entries of a subscription that has ended, or of a group that no longer exists, go
 * on saying `Active` and are no source.
 */
export function workingPlans(
  user: LicensedUser,
  catalog: Catalog,
  goneGroups: ReadonlySet<Guid> = NONE,
): ReadonlySet<Guid> {
  const works = ({ skuId, assignedByGroup }: Assignment) =>
    catalog.standing(skuId) !== "ended" && (assignedByGroup === null || !goneGroups.has(assignedByGroup));
  return unionOfPlans(
    user.assignments.filter((entry) => inForce(entry) && works(entry)),
    catalog,
  );
}

/**
 * Which of `plans` worked before and do not work after, by either of the two views that Graph gives: the assignment
 * states and the merged `assignedLicenses`. A plan must be there in both views to count as kept.
 */
export function lostPlans(
  plans: ReadonlySet<Guid>,
  before: LicensedUser,
  after: LicensedUser,
  catalog: Catalog,
): readonly Guid[] {
  const byState = missing(workingPlans(before, catalog), workingPlans(after, catalog));
  const merged = missing(unionOfPlans(before.assignedLicenses, catalog), unionOfPlans(after.assignedLicenses, catalog));
  return [...new Set([...byState, ...merged])].filter((plan) => plans.has(plan)).sort();
}

export function missing(wanted: ReadonlySet<Guid>, there: ReadonlySet<Guid>): readonly Guid[] {
  return [...wanted].filter((plan) => !there.has(plan)).sort();
}

/** The plans that are on in any of these. */
export function unionOfPlans(licenses: readonly License[], catalog: Catalog): ReadonlySet<Guid> {
  const plans = new Set<Guid>();
  for (const license of licenses) for (const plan of catalog.enabledPlans(license)) plans.add(plan);
  return plans;
}
