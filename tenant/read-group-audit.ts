import { GraphError } from "../graph/client/failure";
import { AUDIT_LOG_KEPT_MS, AUDIT_PATIENCE_MS } from "../graph/client/limits";
import type { GroupChangeRecord, TenantReads } from "../graph/tenant-graph";
import type { GroupDepartures } from "../licensing/drift/departures";
import { grouped } from "../licensing/grouped";
import type { Guid } from "../licensing/model";
import { counted } from "../licensing/counts";

const SHOWN = 3;

/**
 * Audit records of groups that too many moved users left: the person or app, and the time. Evidence for people: a
 * failed read is reported and stops nothing, and a throttled log is not waited for.
 */
export async function readGroupAudit(
  graph: TenantReads,
  left: readonly GroupDepartures[],
  nowMs: number,
): Promise<ReadonlyMap<Guid, string>> {
  const patient = graph.withPatience(AUDIT_PATIENCE_MS, "the audit log");
  const said = new Map<Guid, string>();
  for (const { group } of left) {
    try {
      const words = formatChanges(await patient.groupChanges(group.groupId, new Date(nowMs - AUDIT_LOG_KEPT_MS)));
      if (words !== null) said.set(group.groupId, words);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      said.set(group.groupId, `The audit log was not read. ${error.message}`);
    }
  }
  return said;
}

/** `The audit log has: Update group by ada@contoso.com on 2026-11-29 08:00 UTC; …`; `null`: it has nothing. */
function formatChanges(changes: readonly GroupChangeRecord[]): string | null {
  const alike = [...grouped(changes, ({ activity, actor }) => `${activity}${actor === null ? "" : ` by ${actor}`}`)];
  if (alike.length === 0) return null;
  const words = alike.slice(0, SHOWN).map(([what, records]) => {
    const last = records.map(({ at }) => Date.parse(at)).reduce((a, b) => Math.max(a, b));
    const time = new Date(last).toISOString().slice(0, 16).replace("T", " ");
    return records.length === 1
      ? `${what} on ${time} UTC`
      : `${what} ${counted(records.length, "time")}, last on ${time} UTC`;
  });
  return `The audit log has: ${words.join("; ")}.`;
}
