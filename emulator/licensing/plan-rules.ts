import type { Guid, TenantFacts } from "../directory/entities";
import { badRequest, type GraphError } from "../graph-error";

/** Rules between service plans: prerequisites, and pairs that exclude each other. */

export interface PlanViolation {
  readonly kind: "dependency" | "exclusive";
  readonly plan: Guid;
  /** The prerequisites of which one is missing, or the plan that excludes it. */
  readonly others: readonly Guid[];
}

/** False for most test tenants, which saves computing each user's plans. */
export function hasPlanRules(facts: TenantFacts): boolean {
  return facts.dependencies.size + facts.exclusivePairs.length + facts.seenToFail.length > 0;
}

export function planViolations(facts: TenantFacts, plans: ReadonlySet<Guid>): PlanViolation[] {
  const violations = unmet(facts.dependencies, plans);
  for (const [a, b] of facts.exclusivePairs) {
    if (plans.has(a) && plans.has(b)) violations.push({ kind: "exclusive", plan: a, others: [b] });
  }
  for (const { kind, plans: own, beside } of facts.seenToFail) {
    if (!own.every((plan) => plans.has(plan))) continue;
    const fails =
      kind === "exclusive"
        ? beside.every((plan) => plans.has(plan))
        : [...plans].every((plan) => own.includes(plan) || beside.includes(plan));
    if (fails) violations.push({ kind, plan: own[0] ?? "", others: beside });
  }
  return violations;
}

/** Plans with a missing prerequisite. */
function unmet(dependencies: TenantFacts["dependencies"], plans: ReadonlySet<Guid>): PlanViolation[] {
  return [...dependencies].flatMap(([plan, needs]) =>
    plans.has(plan)
      ? needs
          .filter((oneOf) => !oneOf.some((other) => plans.has(other)))
          .map((others): PlanViolation => ({ kind: "dependency", plan, others }))
      : [],
  );
}

/** Violations that a change adds. Violations that existed before are not its fault. */
export function newViolations(
  facts: TenantFacts,
  before: ReadonlySet<Guid>,
  after: ReadonlySet<Guid>,
): PlanViolation[] {
  return notIn(planViolations(facts, before), planViolations(facts, after));
}

/**
 * The same for a group's own licences: an add-on and its prerequisite must be in one group, even if members hold it otherwise.
 * https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems#manage-licenses-for-products-with-prerequisites
 */
export function newInGroup(
  { groupDependencies }: TenantFacts,
  before: ReadonlySet<Guid>,
  after: ReadonlySet<Guid>,
): PlanViolation[] {
  return notIn(unmet(groupDependencies, before), unmet(groupDependencies, after));
}

function notIn(old: readonly PlanViolation[], now: readonly PlanViolation[]): PlanViolation[] {
  const key = ({ kind, plan, others }: PlanViolation) => `${kind} ${plan} ${others.join()}`;
  const known = new Set(old.map(key));
  return now.filter((violation) => !known.has(key(violation)));
}

/** The error of the two assignLicense calls for a plan violation. */
export function planRefusal({ kind, plan, others }: PlanViolation): GraphError {
  return badRequest(
    kind === "dependency"
      ? `License assignment failed because service plan ${plan} depends on the service plan(s) ${others.join(",")}`
      : `License assignment failed because service plans ${plan},${others.join(",")} are mutually exclusive`,
  );
}
