import { GraphError, isFailure } from "../graph/client/failure";
import type { TenantReads } from "../graph/tenant-graph";
import { userOfToday } from "../licensing/catalog/of-today";
import type { OwnGroups } from "../licensing/stack-file/own-group";
import type { TenantSnapshot } from "../licensing/snapshot";

/**
 * Adds users to the snapshot that the stack file names as members: they may have no licence yet, and need seats.
 *
 * @throws {GraphError} if a user cannot be read
 */
export async function readNamedMembers(
  graph: TenantReads,
  snapshot: TenantSnapshot,
  own: OwnGroups,
): Promise<TenantSnapshot> {
  const named = [...own.values()].flatMap(({ members }) => (members.kind === "users" ? [...members.userIds] : []));
  const unread = named.filter((userId) => !snapshot.users.has(userId));
  if (unread.length === 0) return snapshot;
  const users = new Map(snapshot.users);
  for (const [userId, user] of await graph.users(unread)) {
    if (!isFailure(user)) users.set(userId, userOfToday(user, snapshot.catalog));
    else if (user.kind !== "notFound") throw new GraphError(user);
  }
  return { ...snapshot, users };
}
