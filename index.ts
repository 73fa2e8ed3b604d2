import * as pulumi from "@pulumi/pulumi";
import { LicenseMigration } from "./components/license-migration";
import { licensingGroups } from "./components/licensing-groups";
import { writePlanFile } from "./components/plan-file";
import { readOwnRecord } from "./components/own-record";
import { stackOutputs, type StackOutputs } from "./components/stack-outputs";
import { refuseBeforeWriting } from "./components/refuse-before-writing";
import { refusalsShown } from "./components/refusals-shown";
import { TenantGraph, type GraphConnection } from "./graph/tenant-graph";
import { tooManyLeft } from "./licensing/drift/departures";
import { Catalog } from "./licensing/catalog/catalog";
import { present } from "./licensing/declaration";
import { returnedLicenses } from "./licensing/drift/drift";
import { withInterrupted } from "./licensing/plan/interrupted-run";
import { groupNotes } from "./licensing/drift/group-notes";
import { BY_ID, byName } from "./licensing/people";
import { isUnmade } from "./licensing/stack-file/own-group";
import { planDocument } from "./licensing/plan-document/plan-document";
import { planMigration } from "./licensing/plan/plan-migration";
import { readStackFile } from "./licensing/stack-file/reading";
import { mistakesAboutStartedWaves } from "./licensing/plan/started-waves";
import { clockWarnings } from "./tenant/clock-warnings";
import { confirmJoined } from "./tenant/confirm-joined";
import { confirmTenant } from "./tenant/confirm-tenant";
import { resolveReprocessing } from "./tenant/may-reprocess";
import { readAuditLog } from "./tenant/read-audit-log";
import { readGroupAudit } from "./tenant/read-group-audit";
import { readNamedMembers } from "./tenant/read-named-members";
import { readSnapshot } from "./tenant/read-snapshot";
import { namesInUse } from "./licensing/drift/names-in-use";
import { mergedNames, NO_NAMES } from "./licensing/catalog/recorded-names";
import { Refusal } from "./licensing/refusal";
import { readDebtEvidence } from "./tenant/read-debt-evidence";
import { refuseDroppedGroups } from "./tenant/refuse-dropped-groups";
import { readLasting } from "./tenant/read-lasting";
import { resolveAcceptedLosses, resolveAcceptedRisks } from "./tenant/resolve-accepted";
import { resolveDeclaration } from "./tenant/resolve-declaration";
import { resolveMoveLast } from "./tenant/resolve-move-last";
import { resolveOwnGroups } from "./tenant/resolve-own-groups";
import { resolveWrittenOff } from "./tenant/resolve-written-off";
import { signInReach, signInWarnings } from "./tenant/sign-in-reach";
import { resolveWaves } from "./tenant/resolve-waves";

/** The stack file becomes components and outputs: read, decide, declare. */
async function program(): Promise<StackOutputs> {
  const reading = readStackFile(pulumi.runtime.allConfig());
  if (!reading.ok) throw Refusal.ofMistakes(reading.mistakes);
  const {
    cloud,
    tenant,
    groups,
    waves,
    applyThrough,
    acceptLoss,
    departures,
    moveLast,
    writtenOff,
    timeouts,
    pace,
    showNames,
  } = reading.stackFile;

  // The usual pace is not written down: it may become another one without a change in any resource.
  const connection: GraphConnection = { cloud, tenant, ...(pace === null ? {} : { pace }) };
  const graph = TenantGraph.connect(connection);
  // The engine answers while somebody signs in; of the tenant nothing else is read before it is known to be the right one.
  const [{ country, id: tenantId }, ownRecord] = await Promise.all([confirmTenant(graph), readOwnRecord()]);
  const catalog = new Catalog(await graph.subscribedSkus());
  const found = await resolveOwnGroups(graph, groups, ownRecord);
  const known = mergedNames([...ownRecord.groupLicenses.values()].map((each) => each.names ?? NO_NAMES));
  const names = namesInUse(groups, catalog, known);
  const declared = await resolveDeclaration(graph, groups, catalog, found, known, ownRecord);
  const there = present(declared).map(({ groupId }) => groupId);
  const seen = graph.awaiting(there.filter((groupId) => !isUnmade(groupId)));
  const accepted = resolveAcceptedLosses(acceptLoss, catalog, known);
  const accepts = resolveAcceptedRisks(reading.stackFile, catalog, known);
  const [{ snapshot: listed, warnings: ofListings }, named, last, givenUp] = await Promise.all([
    readSnapshot(seen, declared, catalog),
    resolveWaves(graph, waves, ownRecord),
    resolveMoveLast(graph, moveLast, ownRecord),
    resolveWrittenOff(graph, writtenOff),
  ]);
  const joined = await readNamedMembers(seen, await confirmJoined(seen, listed, found.own, ownRecord), found.own);
  const record = withInterrupted(ownRecord, joined);
  const { snapshot: withDebtors, evidence } = await readDebtEvidence(graph, joined, record, waves, givenUp.users);
  const snapshot = { ...(await readLasting(seen, withDebtors)), accepts };

  const after = await refuseDroppedGroups(seen, snapshot, record, accepted, showNames);
  const nowMs = graph.now();
  const groupAudit = await readGroupAudit(
    graph,
    tooManyLeft({ snapshot, record, accepted, nowMs, limit: departures }),
    nowMs,
  );
  const auditLog = await readAuditLog(graph, returnedLicenses(snapshot, record), nowMs);

  const people = showNames ? byName(snapshot.users) : BY_ID;
  const input = {
    snapshot,
    waves,
    named: named.members,
    moveLast: last.users,
    notes: [
      ...groupNotes(groups, declared),
      ...found.notes,
      ...names.findings,
      ...named.notes,
      ...last.notes,
      ...givenUp.notes,
    ],
    debtEvidence: evidence,
    applyThrough,
    record,
    auditLog,
    accepted,
    after,
    own: found.own,
    country,
    people,
    nowMs,
    departureLimit: departures,
    groupAudit,
  };
  const plan = planMigration(input);
  const isDependedOn = plan.groups.some(({ dependents }) => dependents.users > 0);
  const mistakes = mistakesAboutStartedWaves(waves, record, isDependedOn);
  if (mistakes.length > 0) throw Refusal.ofMistakes(mistakes);
  const ofSignIn = signInWarnings(await signInReach(graph, process.env, Date.now()), plan.waves);
  const again = await resolveReprocessing(graph, reading.stackFile.reprocess);
  const warnings = [...clockWarnings(graph.oursAheadMs()), ...ofListings, ...ofSignIn, ...again.warnings];
  const stack = pulumi.getStack();
  writePlanFile(() => planDocument({ stack, tenant, input, plan, warnings, showNames }));

  refuseBeforeWriting(plan);

  const made = licensingGroups(plan, {
    connection,
    catalog,
    own: found.own,
    tenantId,
    timeouts,
    people,
    names: names.byGroup,
  });
  const migration = new LicenseMigration("migration", {
    connection,
    plan,
    snapshot,
    groups: made,
    timeouts,
    warnings,
    people,
    showNames,
    reprocess: again.reprocess,
  });
  return stackOutputs(plan, migration, catalog);
}

export = () => refusalsShown(program);
