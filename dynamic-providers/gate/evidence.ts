import { GraphError } from "../../graph/client/failure";
import { AUDIT_PATIENCE_MS } from "../../graph/client/limits";
import type { FreshReads } from "../../graph/tenant-graph";
import type { Guid } from "../../licensing/model";

const WINDOW_MS = 7 * 24 * 3_600_000;
const SHOWN = 3;

/**
 * The newest audit records about each group, as text. The log lags and proves nothing by itself, so the gate waits for
 * it at most `AUDIT_PATIENCE_MS`, for all groups together.
 */
export async function evidenceAbout(
  graph: FreshReads,
  groupIds: readonly Guid[],
  nowMs: number,
): Promise<ReadonlyMap<Guid, readonly string[]>> {
  const patient = graph.withPatience(AUDIT_PATIENCE_MS, "the audit log");
  return new Map(
    await Promise.all(groupIds.map(async (groupId) => [groupId, await aboutOne(patient, groupId, nowMs)] as const)),
  );
}

async function aboutOne(graph: FreshReads, groupId: Guid, nowMs: number): Promise<readonly string[]> {
  try {
    const records = await graph.groupEvidence(groupId, new Date(nowMs - WINDOW_MS));
    return records
      .slice(-SHOWN)
      .map(({ at, activity, assigned, failed }) =>
        assigned === null ? `${at} ${activity}` : `${at} ${activity}: ${assigned} assigned, ${failed ?? 0} failed`,
      );
  } catch (error) {
    // An unreadable audit log is reported, and blocks nothing.
    if (error instanceof GraphError) return [`not read: ${error.message}`];
    throw error;
  }
}
