import type { Catalog } from "./catalog/catalog";
import { isDirect, type Assignment, type Guid, type License, type LicensedUser } from "./model";

/** `ActiveWithError` counts as in force: the licence is still applied, only its last reconciliation failed. */
export function inForce(assignment: Pick<Assignment, "state">): boolean {
  return assignment.state === "Active" || assignment.state === "ActiveWithError";
}

/** True for a direct assignment in force. */
export function isDirectInForce(entry: Pick<Assignment, "assignedByGroup" | "state">): boolean {
  return isDirect(entry) && inForce(entry);
}

/** The service plans that the user's assignments in force enable together, limited to plans that apply to users. */
export function effectivePlans(
  user: { readonly assignments: readonly Pick<Assignment, "skuId" | "disabledPlans" | "state">[] },
  catalog: Catalog,
): ReadonlySet<Guid> {
  return unionOfPlans(user.assignments.filter(inForce), catalog);
}

const NONE: ReadonlySet<Guid> = new Set();

/**
 * The effective plans that still work. Assignments of an ended subscription or of a deleted group keep saying
 * `Active`, so they are left out.
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
 * Returns the ids in `plans` that worked before and do not work after. A plan counts as kept only if both of
 * Graph's views show it, or a successor: the assignment states and the merged `assignedLicenses`.
 */
export function lostPlans(
  plans: ReadonlySet<Guid>,
  before: LicensedUser,
  after: LicensedUser,
  catalog: Catalog,
): readonly Guid[] {
  const byState = catalog.uncovered(workingPlans(before, catalog), workingPlans(after, catalog));
  const merged = catalog.uncovered(
    unionOfPlans(before.assignedLicenses, catalog),
    unionOfPlans(after.assignedLicenses, catalog),
  );
  // check: both views of a user must show a plan
  return [...new Set([...byState, ...merged])].filter((plan) => plans.has(plan)).sort();
}

export function missing(wanted: ReadonlySet<Guid>, there: ReadonlySet<Guid>): readonly Guid[] {
  return [...wanted].filter((plan) => !there.has(plan)).sort();
}

/** The service plans that at least one of the licences enables. */
export function unionOfPlans(licenses: readonly License[], catalog: Catalog): ReadonlySet<Guid> {
  const plans = new Set<Guid>();
  for (const license of licenses) for (const plan of catalog.enabledPlans(license)) plans.add(plan);
  return plans;
}
