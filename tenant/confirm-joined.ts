import { GraphError, isFailure } from "../graph/client/failure";
import type { TenantReads } from "../graph/tenant-graph";
import { joiningOf } from "../licensing/preflight/joining";
import { isSure } from "../licensing/loss/loss";
import type { Guid } from "../licensing/model";
import { userOfToday } from "../licensing/catalog/of-today";
import type { OwnGroups } from "../licensing/stack-file/own-group";
import type { StackRecord } from "../licensing/record/record";
import type { TenantSnapshot } from "../licensing/snapshot";

/**
 * Adds members to the snapshot that this stack added and that listings do not show yet; otherwise a run soon afterwards
 * would add them again. Read by id, which does not lag: a user that inherits from the group is a member.
 *
 * @throws {GraphError} if a user cannot be read
 */
export async function confirmJoined(
  graph: TenantReads,
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
