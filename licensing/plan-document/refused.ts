import { PLAN_DOCUMENT_VERSION, type PlanDocument } from "./schema";
import { verdictOf } from "./verdict";

/** What is known when a run was refused before there was a plan: the refusal, and nothing about the tenant. */
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
    findings: [],
    drift: { returned: [], auditGap: null },
    addedPlans: [],
    undeclared: [],
    debts: [],
    departures: [],
    warnings: [],
    names: null,
  };
  return withRefusal({ version: PLAN_DOCUMENT_VERSION, ...empty, verdict: verdictOf(empty) }, run.message);
}

/** The same plan, refused by something that the plan itself did not know of, such as the engine or a policy. */
export function withRefusal({ version, verdict: _, ...document }: PlanDocument, message: string): PlanDocument {
  const refused = {
    ...document,
    refusals: [...document.refusals, { about: "", message }],
    skus: document.skus.map((sku) => ({ ...sku, after: null })),
  };
  return { version, ...refused, verdict: verdictOf(refused) };
}
