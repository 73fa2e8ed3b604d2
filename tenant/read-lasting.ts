import { GraphError, isFailure } from "../graph/client/failure";
import { unreadEnd, whyEndsUnread, type TenantReads } from "../graph/tenant-graph";
import type { MembershipCheck, UnreadEnd } from "../licensing/membership-ends";
import { present } from "../licensing/declaration";
import { isFromGroup, type Guid } from "../licensing/model";
import { isUnmade } from "../licensing/stack-file/own-group";
import type { TenantSnapshot } from "../licensing/snapshot";

/**
 * Adds what does not last to the snapshot: time-limited memberships, and assignments by deleted groups.
 *
 * @throws {GraphError} if a group cannot be read
 */
export async function readLasting(graph: TenantReads, snapshot: TenantSnapshot): Promise<TenantSnapshot> {
  const [membershipEnds, goneGroups] = await Promise.all([readEnds(graph, snapshot), readGone(graph, snapshot)]);
  return { ...snapshot, membershipEnds, goneGroups };
}

async function readEnds(graph: TenantReads, { declared }: TenantSnapshot): Promise<MembershipCheck> {
  const groupIds = present(declared)
    .map(({ groupId }) => groupId)
    .filter((id) => !isUnmade(id));
  if (graph.cloud === "china") return { kind: "unchecked", why: "this cloud cannot tell" };
  const found = await graph.membershipEnds(groupIds);
  const ends = new Map<Guid, ReadonlyMap<Guid, string> | UnreadEnd>();
  let cannotTell: string | null = null;
  for (const [groupId, each] of found) {
    if (isFailure(each) && each.kind === "stopped") throw new GraphError(each);
    if (isFailure(each)) cannotTell ??= whyEndsUnread(each);
    ends.set(groupId, isFailure(each) ? unreadEnd(each) : each);
  }
  // Where one group can be read, the tenant can tell, and a group that cannot be read blocks its members.
  const canTell = [...found.values()].some((each) => !isFailure(each));
  if (cannotTell !== null && !canTell) return { kind: "unchecked", why: cannotTell };
  return { kind: "checked", ends };
}

/** Deleted groups that users still inherit from. */
async function readGone(graph: TenantReads, { declared, groups, users }: TenantSnapshot): Promise<ReadonlySet<Guid>> {
  const others = new Set<Guid>();
  for (const { assignments } of users.values()) {
    for (const entry of assignments) {
      if (isFromGroup(entry) && !groups.has(entry.assignedByGroup)) others.add(entry.assignedByGroup);
    }
  }
  const gone = new Set(declared.flatMap(({ groupId, deleted }) => (deleted === undefined ? [] : [groupId])));
  for (const [groupId, found] of await graph.groups(others)) {
    if (!isFailure(found)) continue;
    if (found.kind !== "notFound") throw new GraphError(found);
    gone.add(groupId);
  }
  return gone;
}
