import { isFailure, type GraphFailure } from "../../graph/failure";
import type { TenantGraph } from "../../graph/tenant-graph";
import type { DeclaredGroup } from "../../licensing/declaration";
import type { Guid, LicensedGroup, LicensedUser } from "../../licensing/model";

/** One user as read by id just now, or why that is not known; `notFound` is somebody who was deleted. */
export type FreshUser = { readonly user: LicensedUser; readonly memberOf: ReadonlySet<Guid> } | GraphFailure;

/** Users, the declared groups that they are first-level members of, and these groups, all read at one time. */
export interface FreshEvidence {
  readonly users: ReadonlyMap<Guid, FreshUser>;
  readonly groups: ReadonlyMap<Guid, LicensedGroup>;
  /** A group that could not be read: then nothing is known about anybody. */
  readonly unreadable: { readonly groupId: Guid; readonly failure: GraphFailure } | null;
}

/** @throws GraphError where the read fails as a whole */
export async function readFreshly(
  userIds: readonly Guid[],
  declared: readonly DeclaredGroup[],
  graph: TenantGraph,
): Promise<FreshEvidence> {
  const groupIds = declared.map(({ groupId }) => groupId);
  const fresh = await graph.freshUsers(userIds, groupIds);
  const groups = new Map<Guid, LicensedGroup>();
  let unreadable: FreshEvidence["unreadable"] = null;
  for (const [groupId, group] of fresh.groups) {
    if (isFailure(group)) unreadable = { groupId, failure: group };
    else groups.set(groupId, group);
  }
  const users = new Map(
    userIds.map((userId): [Guid, FreshUser] => {
      const user = fresh.users.get(userId) ?? { kind: "notFound", id: userId };
      const memberships = fresh.memberships.get(userId) ?? { kind: "notFound", id: userId };
      if (!isFailure(user) && !isFailure(memberships)) {
        return [userId, { user, memberOf: new Set(groupIds.filter((groupId) => memberships.has(groupId))) }];
      }
      const failures = [user, memberships].filter((read) => isFailure(read));
      // Deleted between the two reads: the one that failed otherwise does not matter any more.
      const failure = failures.find(({ kind }) => kind === "notFound") ?? failures[0];
      return [userId, failure ?? { kind: "notFound", id: userId }];
    }),
  );
  return { users, groups, unreadable };
}
