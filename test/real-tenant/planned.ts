import { parse } from "yaml";
import { Catalog } from "../../licensing/catalog/catalog";
import { configTexts } from "../../licensing/stack-file/config-texts";
import { present } from "../../licensing/declaration";
import { BY_ID } from "../../licensing/people";
import type { MigrationPlan } from "../../licensing/plan/plan";
import { planMigration } from "../../licensing/plan/plan-migration";
import { EMPTY_RECORD } from "../../licensing/record/record";
import type { TenantSnapshot } from "../../licensing/snapshot";
import { licensesAfterRun } from "../../licensing/record/licenses-after";
import { readStackFile } from "../../licensing/stack-file/reading";
import { isUnmade, type OwnGroups } from "../../licensing/stack-file/own-group";
import { confirmTenant } from "../../tenant/confirm-tenant";
import { readNamedMembers } from "../../tenant/read-named-members";
import { readSnapshot } from "../../tenant/read-snapshot";
import { resolveAcceptedRisks } from "../../tenant/resolve-accepted";
import { resolveDeclaration } from "../../tenant/resolve-declaration";
import { resolveOwnGroups } from "../../tenant/resolve-own-groups";
import { resolveWaves } from "../../tenant/resolve-waves";
import type { TenantReads } from "../../graph/tenant-graph";

export type Config = Readonly<Record<string, unknown>>;

export const configOf = (text: string): Config => (parse(text) as { config: Config }).config;

/** What the first preview of a stack file plans, without the engine around it. */
export async function planned(
  graph: TenantReads,
  config: Config,
): Promise<{ readonly plan: MigrationPlan; readonly snapshot: TenantSnapshot; readonly own: OwnGroups }> {
  const reading = readStackFile(configTexts(config));
  if (!reading.ok) throw new Error(JSON.stringify(reading.mistakes));
  const { groups, waves } = reading.stackFile;
  const { country } = await confirmTenant(graph);
  const catalog = new Catalog(await graph.subscribedSkus());
  const found = await resolveOwnGroups(graph, groups, EMPTY_RECORD);
  const declared = await resolveDeclaration(graph, groups, catalog, found);
  const there = present(declared).map(({ groupId }) => groupId);
  const seen = graph.awaiting(there.filter((groupId) => !isUnmade(groupId)));
  const { snapshot: listed } = await readSnapshot(seen, declared, catalog);
  const named = await resolveWaves(graph, waves, EMPTY_RECORD);
  const joined = await readNamedMembers(seen, listed, found.own);
  const snapshot = { ...joined, accepts: resolveAcceptedRisks(reading.stackFile, catalog) };
  const plan = planMigration({
    snapshot,
    waves,
    named: named.members,
    moveLast: new Map(),
    notes: found.notes,
    applyThrough: waves.at(-1)?.name ?? null,
    record: EMPTY_RECORD,
    auditLog: { changes: [], fromMs: 0, readAtMs: graph.now(), gap: null },
    accepted: [],
    after: licensesAfterRun(snapshot, EMPTY_RECORD),
    own: found.own,
    country,
    people: BY_ID,
    nowMs: graph.now(),
  });
  return { plan, snapshot, own: found.own };
}
