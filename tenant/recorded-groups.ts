import { GraphError } from "../graph/client/failure";
import type { TenantGraph } from "../graph/tenant-graph";
import type { Deletion } from "../licensing/declaration";
import type { Guid, LicensedGroup } from "../licensing/model";
import type { GroupLicenseRecord, StackRecord } from "../licensing/record/record";
import type { GroupSpec } from "../licensing/stack-file/stack-file";

/** A group that the stack file's word no longer finds, by the id that the state has for its logical name. */
export type RecordedGroup = { readonly kind: "renamed"; readonly group: LicensedGroup } | DeletedGroup;

export interface DeletedGroup {
  readonly kind: "deleted";
  readonly groupId: Guid;
  readonly displayName: string;
  readonly deletion: Deletion;
}

/** Entra keeps a deleted group that can be restored for so long: https://learn.microsoft.com/graph/api/directory-deleteditems-get */
const KEPT_MS = 30 * 24 * 3_600_000;

/**
 * Groups on record that the stack file's words do not find: renamed or deleted, and no misspelt names. A new group of the old name is
 * another group, so the id on record decides.
 *
 * @param candidates what the words found
 */
export async function recordedGroups(
  graph: TenantGraph,
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
      found.set(spec.name, await deletedGroup(graph, before, spec.existing));
    } else if (named.length === 0) {
      found.set(spec.name, { kind: "renamed", group });
    }
  }
  return found;
}

/** @param word its name in the stack file, where the state has none */
export async function deletedGroup(
  graph: TenantGraph,
  { groupId, displayName }: Pick<GroupLicenseRecord, "groupId" | "displayName">,
  word: string,
): Promise<DeletedGroup> {
  return { kind: "deleted", groupId, displayName: displayName ?? word, deletion: await deletionOf(graph, groupId) };
}

async function deletionOf(graph: TenantGraph, groupId: Guid): Promise<Deletion> {
  try {
    const deletedAt = await graph.deletedAt(groupId);
    const until = deletedAt === null ? null : new Date(Date.parse(deletedAt) + KEPT_MS).toISOString();
    return { deletedAt, restorableUntil: until, isKnown: true };
  } catch (error) {
    // It helps people and decides nothing.
    if (error instanceof GraphError && error.failure.kind !== "stopped") {
      return { deletedAt: null, restorableUntil: null, isKnown: false };
    }
    throw error;
  }
}
