import { GraphError } from "../graph/failure";
import type { TenantGraph } from "../graph/tenant-graph";
import { NOT_ASKED, searchFromMs, type AuditReading, type ReturnedLicense } from "../licensing/drift";
import { counted } from "../licensing/tally";

/**
 * Asks the audit log who brought direct licences back: one listing for all of them, and none where nothing came back.
 * It is evidence for people, so that it can't be read is said, and stops nothing.
 */
export async function readAuditLog(graph: TenantGraph, returned: readonly ReturnedLicense[]): Promise<AuditReading> {
  const fromMs = searchFromMs(returned);
  if (fromMs === null) return NOT_ASKED;
  try {
    const { changes, isCut } = await graph.licenseChanges(new Date(fromMs));
    const read = `The audit log has more changes of licences since ${new Date(fromMs).toISOString()} than are read`;
    return {
      changes,
      gap: isCut ? `${read}: only the newest ${counted(changes.length, "change")} were looked at.` : null,
    };
  } catch (error) {
    if (error instanceof GraphError) return { changes: [], gap: `The audit log was not read. ${error.message}` };
    throw error;
  }
}
