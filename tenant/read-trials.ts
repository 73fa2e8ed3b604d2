import type { TenantReads } from "../graph/tenant-graph";
import type { Guid } from "../licensing/model";
import type { GroupSpec } from "../licensing/stack-file/stack-file";

/** What the tenant's subscriptions say of trials, by SKU, and what the reader should know. */
export interface Trials {
  readonly bySku: ReadonlyMap<Guid, boolean>;
  readonly warnings: readonly string[];
}

/**
 * Read only where a group's licence replaces a SKU: of a trial that a paid product replaces there is no way back.
 *
 * @throws {GraphError} if the read fails for another reason than a missing permission
 */
export async function readTrials(graph: TenantReads, groups: readonly GroupSpec[]): Promise<Trials> {
  const isReplacing = groups.some(({ licenses }) => licenses.some(({ replaces = [] }) => replaces.length > 0));
  if (!isReplacing) return { bySku: new Map(), warnings: [] };
  const bySku = await graph.trials();
  if (bySku !== null) return { bySku, warnings: [] };
  const why =
    "Which subscriptions are trials could not be read (GET /directory/subscriptions, permission Organization.Read.All): " +
    "a replaced trial is known by its name alone. Look at Billing in the Microsoft 365 admin center, and do not list a trial under replaces.";
  return { bySku: new Map(), warnings: [why] };
}
