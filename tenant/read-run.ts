import type { TenantReads } from "../graph/tenant-graph";
import { Catalog } from "../licensing/catalog/catalog";
import { mergedNames, type RecordedNames } from "../licensing/catalog/recorded-names";
import { present } from "../licensing/declaration";
import { tooManyLeft } from "../licensing/drift/departures";
import { returnedLicenses } from "../licensing/drift/drift";
import { groupNotes } from "../licensing/drift/group-notes";
import { namesInUse } from "../licensing/drift/names-in-use";
import { BY_ID, byName } from "../licensing/people";
import { withInterrupted } from "../licensing/plan/interrupted-run";
import { alsoInTarget } from "../licensing/plan/group-move";
import type { PlanInput } from "../licensing/plan/plan";
import { recordedSkus } from "../licensing/record/baseline";
import type { StackRecord } from "../licensing/record/record";
import { isUnmade } from "../licensing/stack-file/own-group";
import type { StackFile } from "../licensing/stack-file/stack-file";
import { clockWarnings } from "./clock-warnings";
import { confirmJoined } from "./confirm-joined";
import { confirmTenant } from "./confirm-tenant";
import { resolveReprocessing } from "./missing-permissions";
import { readAuditLog } from "./read-audit-log";
import { readDebtEvidence } from "./read-debt-evidence";
import { readGroupAudit } from "./read-group-audit";
import { readLasting } from "./read-lasting";
import { readNamedMembers } from "./read-named-members";
import { readSnapshot } from "./read-snapshot";
import { readTrials } from "./read-trials";
import { refuseDroppedGroups } from "./refuse-dropped-groups";
import { resolveAcceptedLosses, resolveAcceptedRisks } from "./resolve-accepted";
import { resolveDeclaration } from "./resolve-declaration";
import { resolveMoveLast } from "./resolve-move-last";
import { resolveMoves } from "./resolve-moves";
import { resolveOwnGroups } from "./resolve-own-groups";
import { resolveSuccessors } from "./resolve-successors";
import { resolveWaves } from "./resolve-waves";
import { resolveWrittenOff } from "./resolve-written-off";

/** What one run has read before it plans: the tenant, and the stack file with ids in place of names. */
export interface RunReading {
  readonly tenantId: string;
  readonly catalog: Catalog;
  /** What the plan is made of. */
  readonly input: PlanInput & Required<Pick<PlanInput, "own" | "people">>;
  /** By logical name of a group: the ids behind the names in its declaration, for the state. */
  readonly names: ReadonlyMap<string, RecordedNames>;
  /** Members in error are reprocessed: the stack file asks for it, and as far as is known it is allowed. */
  readonly reprocess: boolean;
  /** What the reading itself found: for the administrator. */
  readonly warnings: readonly string[];
}

/**
 * Reads what a run plans with. Nothing of the tenant is read before it is known to be the right one.
 *
 * @param ownRecord what the state of this stack remembers; it is read while the sign-in runs
 * @throws Refusal where the stack file does not fit the tenant, or drops what users depend on
 */
export async function readRun(
  graph: TenantReads,
  stackFile: StackFile,
  ownRecord: Promise<StackRecord>,
): Promise<RunReading> {
  const { groups, waves, departures, showNames } = stackFile;
  const [{ country, id: tenantId }, known] = await Promise.all([confirmTenant(graph), ownRecord]);
  const listed = new Catalog(await graph.subscribedSkus());
  const trials = await readTrials(graph, groups);
  const catalog = new Catalog(listed.skus, resolveSuccessors(stackFile.successors, listed), trials.bySku);
  const found = await resolveOwnGroups(graph, groups, known);
  const recorded = mergedNames([...known.groupLicenses.values()].map(({ names }) => names));
  const names = namesInUse(groups, catalog, recorded);
  const declared = await resolveDeclaration(graph, groups, catalog, found, recorded, known);
  const there = present(declared).map(({ groupId }) => groupId);
  const seen = graph.awaiting(there.filter((groupId) => !isUnmade(groupId)));
  const accepted = resolveAcceptedLosses(stackFile.acceptLoss, catalog, recorded);
  const accepts = resolveAcceptedRisks(stackFile, catalog, recorded);
  const [{ snapshot: asListed, warnings }, named, last, givenUp] = await Promise.all([
    readSnapshot(seen, declared, catalog, recordedSkus(known.baseline)),
    resolveWaves(graph, waves, known),
    resolveMoveLast(graph, stackFile.moveLast, known),
    resolveWrittenOff(graph, stackFile.writtenOff),
  ]);
  const joined = await readNamedMembers(seen, await confirmJoined(seen, asListed, found.own, known), found.own);
  const record = withInterrupted(known, joined, accepted);
  const { snapshot: withDebtors, evidence } = await readDebtEvidence(graph, joined, record, waves, givenUp.users);
  const snapshot = { ...(await readLasting(seen, withDebtors)), accepts };

  const moves = await resolveMoves(seen, stackFile.moves, declared, snapshot.groups);
  const after = await refuseDroppedGroups(seen, snapshot, record, accepted, showNames);
  const nowMs = graph.now();
  const accepting = alsoInTarget(accepted, moves);
  const left = tooManyLeft({ snapshot, record, accepted: accepting, nowMs, limit: departures });
  const groupAudit = await readGroupAudit(graph, left, nowMs);
  const auditLog = await readAuditLog(graph, returnedLicenses(snapshot, record), nowMs);
  const again = await resolveReprocessing(graph, stackFile.reprocess);
  return {
    tenantId,
    catalog,
    input: {
      snapshot,
      waves,
      moves,
      named: named.members,
      moveLast: last.users,
      notes: [groupNotes(groups, declared), found.notes, names.findings, named.notes, last.notes, givenUp.notes].flat(),
      debtEvidence: evidence,
      applyThrough: stackFile.applyThrough,
      record,
      auditLog,
      accepted,
      after,
      own: found.own,
      country,
      people: showNames ? byName(snapshot.users) : BY_ID,
      nowMs,
      departureLimit: departures,
      groupAudit,
    },
    names: names.byGroup,
    reprocess: again.reprocess,
    warnings: [...clockWarnings(graph.oursAheadMs()), ...trials.warnings, ...warnings, ...again.warnings],
  };
}
