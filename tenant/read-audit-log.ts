import { describeFailure, GraphError } from "../graph/client/failure";
import { AUDIT_PATIENCE_MS } from "../graph/client/limits";
import type { LicenseChangeRecords, TenantReads } from "../graph/tenant-graph";
import { NOT_ASKED, searchFromMs, type AuditReading, type ReturnedLicense } from "../licensing/drift/drift";
import { counted } from "../licensing/counts";

/**
 * Asks the audit log which person or app brought direct licences back, in one listing, only if any came back. The log
 * is evidence for people: a failed read is reported and stops nothing, and a throttled log is not waited for.
 */
export async function readAuditLog(
  graph: TenantReads,
  returned: readonly ReturnedLicense[],
  nowMs: number,
): Promise<AuditReading> {
  const fromMs = searchFromMs(returned);
  if (fromMs === null) return NOT_ASKED;
  try {
    const records = await graph.withPatience(AUDIT_PATIENCE_MS, "the audit log").licenseChanges(new Date(fromMs));
    const knownFromMs = records.cutBy === null ? fromMs : (records.oldestMs ?? nowMs);
    return { changes: records.changes, fromMs: knownFromMs, readAtMs: nowMs, gap: gapIn(records, fromMs) };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return { changes: [], fromMs: nowMs, readAtMs: nowMs, gap: `The audit log was not read. ${error.message}` };
  }
}

function gapIn({ changes, cutBy }: LicenseChangeRecords, fromMs: number): string | null {
  if (cutBy === null) return null;
  const newest = `only the newest ${counted(changes.length, "change")} were looked at.`;
  return cutBy === "length"
    ? `The audit log has more changes of licences since ${new Date(fromMs).toISOString()} than are read: ${newest}`
    : `The audit log was not read to its end, ${newest} ${describeFailure(cutBy)}`;
}
