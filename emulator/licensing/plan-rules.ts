import type { Guid, TenantFacts } from "../directory/entities";

/** What stands between service plans: prerequisites and pairs that exclude each other. */

export interface PlanViolation {
  readonly kind: "dependency" | "exclusive";
  readonly plan: Guid;
  /** The plans of which it lacks one, or the plan that it can't stand. */
  readonly others: readonly Guid[];
}

/** Most tenants here tell of none, and then nobody's plans need to be put together to look for them. */
export function hasPlanRules(facts: TenantFacts): boolean {
  return facts.dependencies.size + facts.exclusivePairs.length + facts.seenToFail.length > 0;
}

export function planViolations(facts: TenantFacts, plans: ReadonlySet<Guid>): PlanViolation[] {
  const violations: PlanViolation[] = [];
  for (const [plan, needs] of facts.dependencies) {
    if (!plans.has(plan)) continue;
    for (const oneOf of needs) {
      if (!oneOf.some((other) => plans.has(other))) violations.push({ kind: "dependency", plan, others: oneOf });
    }
  }
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

/** Those that a change brings: what was broken before it is not its fault. */
export function newViolations(
  facts: TenantFacts,
  before: ReadonlySet<Guid>,
  after: ReadonlySet<Guid>,
): PlanViolation[] {
  const key = (violation: PlanViolation) => `${violation.kind} ${violation.plan} ${violation.others.join()}`;
  const old = new Set(planViolations(facts, before).map(key));
  return planViolations(facts, after).filter((violation) => !old.has(key(violation)));
}
