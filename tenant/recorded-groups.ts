import { GraphError } from "../graph/client/failure";
import { DELETED_GROUP_KEPT_MS } from "../graph/client/limits";
import type { TenantReads } from "../graph/tenant-graph";
import type { Deletion } from "../licensing/declaration";
import type { Guid, LicensedGroup } from "../licensing/model";
import type { GroupLicenseRecord, StackRecord } from "../licensing/record/record";
import type { GroupSpec } from "../licensing/stack-file/stack-file";

/** A group that its name in the stack file no longer finds, by the id in the state. */
export type RecordedGroup = { readonly kind: "renamed"; readonly group: LicensedGroup } | DeletedGroup;

export interface DeletedGroup {
  readonly kind: "deleted";
  readonly groupId: Guid;
  readonly displayName: string;
  readonly deletion: Deletion;
}

/**
 * Recorded groups that their names no longer find, because they were renamed or deleted. A new group with the old name
 * is another group, so the recorded id decides.
 *
 * @param candidates groups found by name
 * @throws {GraphError} if a group cannot be read
 */
export async function recordedGroups(
  graph: TenantReads,
  specs: readonly GroupSpec[],
  candidates: ReadonlyMap<string, readonly LicensedGroup[]>,
  { groupLicenses }: Pick<StackRecord, "groupLicenses">,
): Promise<ReadonlyMap<string, RecordedGroup>> {
  const found = new Map<string, RecordedGroup>();
  for (const spec of specs) {
    const before = groupLicenses.get(spec.name);
    if (!("existing" in spec) || before === undefined) continue;
    const named = candidates.get(spec.existing) ?? [];
    if (named.some(({ id }) => id === before.groupId)) continue;
    const group = await graph.group(before.groupId);
    if (group === null) {
      found.set(spec.name, await deletedGroup(graph, before));
    } else if (named.length === 0) {
      found.set(spec.name, { kind: "renamed", group });
    }
  }
  return found;
}

export async function deletedGroup(
  graph: TenantReads,
  { groupId, displayName }: Pick<GroupLicenseRecord, "groupId" | "displayName">,
): Promise<DeletedGroup> {
  return { kind: "deleted", groupId, displayName, deletion: await deletionOf(graph, groupId) };
}

async function deletionOf(graph: TenantReads, groupId: Guid): Promise<Deletion> {
  try {
    const deletedAt = await graph.deletedAt(groupId);
    const until = deletedAt === null ? null : new Date(Date.parse(deletedAt) + DELETED_GROUP_KEPT_MS).toISOString();
    return { deletedAt, restorableUntil: until, isKnown: true };
  } catch (error) {
    // Information for people; no decision depends on it.
    if (error instanceof GraphError && error.failure.kind !== "stopped") {
      return { deletedAt: null, restorableUntil: null, isKnown: false };
    }
    throw error;
  }
}
