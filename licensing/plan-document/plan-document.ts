import type { Catalog } from "../catalog/catalog";
import { addCounts } from "../counts";
import { formatSuccession } from "../catalog/successors";
import { lossOfGroupChanges, type LostPlan } from "../loss/loss";
import { namesOfLacking } from "../drift/lacking";
import { nameOf } from "../people";
import type { Guid } from "../model";
import { whyOwed } from "../plan/debt-words";
import type { MigrationPlan, PlanInput, WavePlan } from "../plan/plan";
import type { TenantSnapshot } from "../snapshot";
import type { WaveSpec } from "../stack-file/stack-file";
import { documentedBlocked } from "./blocked";
import { documentedCovered, documentedDrift, documentedWarnings } from "./drift";
import { documentedGroup } from "./groups";
import { PLAN_DOCUMENT_VERSION, type PlanDocument } from "./schema";
import { heldSkus } from "./skus";
import { judgePlan } from "./verdict";
import { documentedWave } from "./waves";

export interface DocumentedRun {
  readonly stack: string;
  /** As named in the stack file. */
  readonly tenant: string;
  /** The input of the plan. */
  readonly input: PlanInput;
  readonly plan: MigrationPlan;
  /** Gaps in the reading of the tenant. */
  readonly warnings: readonly string[];
  readonly showNames: boolean;
}

/** The plan as plain data to store, compare and show. It can be understood without access to the tenant. */
export function planDocument({ stack, tenant, input, plan, warnings, showNames }: DocumentedRun): PlanDocument {
  const { snapshot, nowMs } = input;
  const refusals = refusalsOf(plan);
  const starts = startsOf(plan.waves, input.waves, nowMs);
  const judged = {
    stack,
    tenant,
    plannedAt: new Date(nowMs).toISOString(),
    predicted: plan.predicted,
    applyThrough: input.applyThrough,
    users: snapshot.users.size,
    refusals,
    skus: heldSkus(input, plan, refusals.length > 0),
    groups: plan.groups.map((group) => documentedGroup(group, snapshot)),
    waves: plan.waves.flatMap((wave) => {
      const spec = input.waves.find(({ name }) => name === wave.name);
      return spec === undefined ? [] : [documentedWave(wave, spec, starts.get(wave.name) ?? nowMs, snapshot.catalog)];
    }),
    inNoWave: plan.inNoWave,
    blocked: documentedBlocked(plan, snapshot),
    acceptedLosses: acceptedLosses(input, plan),
    acceptedSuccessors: acceptedSuccessors(plan, snapshot.catalog),
    findings: plan.findings.map((finding) => ({ ...finding, userIds: [...finding.userIds] })),
    ...documentedDrift(plan, snapshot.catalog),
    covered: documentedCovered(plan, snapshot.catalog),
    debts: plan.debts.owed.map((owed) => ({
      userId: owed.userId,
      sku: snapshot.catalog.skuName(owed.license.skuId),
      why: whyOwed(owed, snapshot.catalog),
    })),
    departures: [...plan.departures].sort(),
    lacking: plan.lacking.map((each) => namesOfLacking(each, snapshot.catalog)),
    warnings: documentedWarnings(warnings, plan),
    names: null,
  };
  const document = { version: PLAN_DOCUMENT_VERSION, ...judged, verdict: judgePlan(judged) } as const;
  return showNames ? { ...document, names: namesIn(document, snapshot) } : document;
}

function refusalsOf(plan: MigrationPlan): PlanDocument["refusals"] {
  return [
    ...plan.groups.map(({ declared, refusal }) => ({ about: declared.name, message: refusal })),
    ...plan.waves.map(({ name, refusal }) => ({ about: name, message: refusal })),
  ].flatMap(({ about, message }) => (message === null ? [] : [{ about, message }]));
}

/**
 * The time each wave was done, or its earliest start if `up` runs and `licensing:applyThrough` is advanced without
 * delay. By wave name, in milliseconds since 1970.
 */
function startsOf(waves: readonly WavePlan[], specs: readonly WaveSpec[], nowMs: number): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  let freeMs = nowMs;
  for (const wave of waves) {
    const startMs = wave.doneAtMs ?? freeMs;
    starts.set(wave.name, startMs);
    const soakMs = specs.find(({ name }) => name === wave.name)?.soakMs ?? 0;
    freeMs = Math.max(freeMs, startMs + soakMs);
  }
  return starts;
}

/** The accepted losses that happen in this run, with the number of users. Entries without effect are left out. */
function acceptedLosses(
  { accepted, after, record, snapshot }: PlanInput,
  { groups }: MigrationPlan,
): PlanDocument["acceptedLosses"] {
  if (accepted.length === 0) return [];
  const ofDropped = lossOfGroupChanges(snapshot.users.values(), after, snapshot.catalog);
  return accepted.flatMap(({ group, skuId, planId }) => {
    const planned = groups.find(({ declared }) => declared.name === group);
    const groupId = planned?.declared.groupId ?? record.groupLicenses.get(group)?.groupId;
    const isIt = (plan: LostPlan) => plan.groupId === groupId && plan.skuId === skuId && plan.planId === planId;
    const users = (planned?.losses ?? ofDropped).filter(({ plans }) => plans.some(isIt)).length;
    return users === 0 ? [] : [{ group, plan: snapshot.catalog.planName(planId), users }];
  });
}

/** Names of all users in the document. */
function namesIn(document: PlanDocument, { users }: TenantSnapshot): Record<Guid, string> {
  const ids = new Set([
    ...document.waves.flatMap(({ assignments }) => assignments.flatMap(({ userIds }) => userIds)),
    ...document.blocked.assignments.map(({ userId }) => userId),
    ...document.findings.flatMap(({ userIds }) => userIds),
    ...document.covered.flatMap(({ userIds }) => userIds),
    ...document.drift.returned.map(({ userId }) => userId),
    ...document.debts.map(({ userId }) => userId),
    ...document.departures,
  ]);
  const named = [...ids].sort().map((id) => [id, nameOf(users.get(id))] as const);
  return Object.fromEntries(named.filter((each): each is readonly [Guid, string] => each[1] !== null));
}

/** The successors of the stack file that a group change or a wave of this run relies on, with the number of users. */
function acceptedSuccessors({ groups, waves }: MigrationPlan, catalog: Catalog): PlanDocument["acceptedSuccessors"] {
  const running = addCounts(
    [...groups, ...waves.filter(({ hold }) => hold === null)].map(({ successions }) => successions),
  );
  return catalog.namedSuccessors().flatMap(({ plan, by, ...ids }) => {
    const users = running[formatSuccession(ids, catalog)] ?? 0;
    return users === 0 ? [] : [{ plan, by, users }];
  });
}
