import { PLAN_DOCUMENT_VERSION, type PlanDocument } from "./schema";
import { judgePlan } from "./verdict";

/** The document of a run refused before planning: the refusal, and no facts about the tenant. */
export function refusedDocument(run: {
  readonly stack: string;
  readonly tenant: string | null;
  readonly message: string;
  readonly nowMs: number;
}): PlanDocument {
  const empty = {
    stack: run.stack,
    tenant: run.tenant,
    plannedAt: new Date(run.nowMs).toISOString(),
    predicted: false,
    applyThrough: null,
    users: 0,
    refusals: [],
    skus: [],
    groups: [],
    waves: [],
    inNoWave: 0,
    blocked: { users: 0, moves: { whole: 0, inPart: 0, notAtAll: 0 }, reasons: [], assignments: [] },
    acceptedLosses: [],
    acceptedSuccessors: [],
    findings: [],
    drift: { returned: [], auditGap: null },
    addedPlans: [],
    undeclared: [],
    covered: [],
    debts: [],
    departures: [],
    lacking: [],
    warnings: [],
    names: null,
  };
  return withRefusal({ version: PLAN_DOCUMENT_VERSION, ...empty, verdict: judgePlan(empty) }, run.message);
}

/**
 * Adds a refusal that the plan did not contain, such as one by the engine or a policy.
 *
 * @param about empty for the run as a whole
 */
export function withRefusal(
  { version, verdict: _, ...document }: PlanDocument,
  message: string,
  about = "",
): PlanDocument {
  const refused = {
    ...document,
    refusals: [...document.refusals, { about, message }],
    skus: document.skus.map((sku) => ({ ...sku, after: null })),
  };
  return { version, ...refused, verdict: judgePlan(refused) };
}

/** Adds a warning that the plan did not contain, such as a rule that only advises. */
export function withWarning({ version, verdict: _, ...document }: PlanDocument, warning: string): PlanDocument {
  const warned = { ...document, warnings: [...document.warnings, warning] };
  return { version, ...warned, verdict: judgePlan(warned) };
}
