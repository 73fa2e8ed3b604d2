import { GraphError } from "../../graph/failure";
import type { TenantGraph } from "../../graph/tenant-graph";
import type { Guid } from "../../licensing/model";

const WINDOW_MS = 7 * 24 * 3_600_000;
const SHOWN = 3;

/** The newest records of the audit log about a group, in words. It lags, and proves nothing by itself. */
export async function evidenceAbout(graph: TenantGraph, groupId: Guid, nowMs: number): Promise<readonly string[]> {
  try {
    const records = await graph.groupEvidence(groupId, new Date(nowMs - WINDOW_MS));
    return records
      .slice(-SHOWN)
      .map(({ at, activity, assigned, failed }) =>
        assigned === null ? `${at} ${activity}` : `${at} ${activity}: ${assigned} assigned, ${failed ?? 0} failed`,
      );
  } catch (error) {
    // The audit log may not be readable, and proves nothing: its lack is said, and stops nothing.
    if (error instanceof GraphError) return [`not read: ${error.message}`];
    throw error;
  }
}
