import type { TenantReads } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import { returnedLicenses } from "../../licensing/drift/drift";
import type { PlanInput } from "../../licensing/plan/plan";
import { planMigration } from "../../licensing/plan/plan-migration";
import { EMPTY_RECORD } from "../../licensing/record/record";
import type { StackFile } from "../../licensing/stack-file/stack-file";
import { confirmTenant } from "../../tenant/confirm-tenant";
import { readAuditLog } from "../../tenant/read-audit-log";
import { readLasting } from "../../tenant/read-lasting";
import { readSnapshot } from "../../tenant/read-snapshot";
import { refuseDroppedGroups } from "../../tenant/refuse-dropped-groups";
import { resolveDeclaration } from "../../tenant/resolve-declaration";
import { resolveWaves } from "../../tenant/resolve-waves";

/** Reads the tenant and plans as the program does on its first run, in the same order, without the engine around it. */
export async function planTenant(graph: TenantReads, stackFile: StackFile) {
  const { input, warnings } = await readTenant(graph, stackFile);
  return { input, plan: planMigration(input), warnings };
}

/** All that the plan is made of. */
export async function readTenant(graph: TenantReads, { groups, waves, applyThrough }: StackFile) {
  const { country } = await confirmTenant(graph);
  const catalog = new Catalog(await graph.subscribedSkus());
  const declared = await resolveDeclaration(graph, groups, catalog);
  const [{ snapshot: listed, warnings }, { members: named }] = await Promise.all([
    readSnapshot(graph, declared, catalog),
    resolveWaves(graph, waves, EMPTY_RECORD),
  ]);
  const snapshot = await readLasting(graph, listed);
  const record = EMPTY_RECORD;
  const nowMs = Date.now();
  const input: PlanInput = {
    snapshot,
    waves,
    named,
    moveLast: new Map(),
    applyThrough,
    record,
    auditLog: await readAuditLog(graph, returnedLicenses(snapshot, record), nowMs),
    accepted: [],
    after: await refuseDroppedGroups(graph, snapshot, record, []),
    country,
    nowMs,
  };
  return { input, warnings };
}
