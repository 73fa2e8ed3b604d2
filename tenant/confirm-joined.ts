import { GraphError, isFailure } from "../graph/client/failure";
import type { TenantGraph } from "../graph/tenant-graph";
import { joiningOf } from "../licensing/preflight/joining";
import { isSure } from "../licensing/loss/loss";
import type { Guid } from "../licensing/model";
import { userOfToday } from "../licensing/catalog/of-today";
import type { OwnGroups } from "../licensing/stack-file/own-group";
import type { StackRecord } from "../licensing/record/record";
import type { TenantSnapshot } from "../licensing/snapshot";

/**
 * The snapshot with those members besides whom this stack has added, and whom the list of members does not show yet. Lists lag behind
 * writes, a user read by id does not: who inherits from the group has arrived there. Without this, a run soon after the one that
 * added them would want to add them again. Only they are looked up: whoever left a group since, with no direct licence any more, has
 * nothing to join.
 */
export async function confirmJoined(
  graph: TenantGraph,
  snapshot: TenantSnapshot,
  own: OwnGroups,
  record: StackRecord,
): Promise<TenantSnapshot> {
  const joining = joiningOf(own, snapshot);
  const members = new Map(snapshot.members);
  const users = new Map(snapshot.users);
  for (const { groupId, joined } of record.madeGroups.values()) {
    const added = [...(joining.get(groupId)?.userIds ?? [])].filter((userId) => joined.has(userId));
    if (added.length === 0) continue;
    for (const [userId, user] of await graph.users(added)) {
      if (isFailure(user)) {
        if (user.kind !== "notFound") throw new GraphError(user);
      } else if (user.assignments.some((entry) => entry.assignedByGroup === groupId && isSure(entry))) {
        users.set(userId, userOfToday(user, snapshot.catalog));
        members.set(groupId, new Set<Guid>([...(members.get(groupId) ?? []), userId]));
      }
    }
  }
  return { ...snapshot, members, users };
}
