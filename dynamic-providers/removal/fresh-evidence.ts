import { isFailure, type GraphFailure } from "../../graph/client/failure";
import type { TenantGraph } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import type { DeclaredGroup } from "../../licensing/declaration";
import type { Guid, LicensedGroup, LicensedUser } from "../../licensing/model";
import { groupOfToday, userOfToday } from "../../licensing/catalog/of-today";
import { endingOf, type MembershipEnds, type MembershipEnd } from "../../licensing/membership-ends";

/** One user as read by id just now, or why that is not known; `notFound` is somebody who was deleted. */
export type FreshUser = FreshlyRead | GraphFailure;

interface FreshlyRead {
  readonly user: LicensedUser;
  readonly memberOf: ReadonlySet<Guid>;
  /** Declared groups whose membership does not surely last. */
  readonly ending: ReadonlyMap<Guid, MembershipEnd>;
}

/** Users, the declared groups that they are first-level members of, and these groups, all read at one time. */
export interface FreshEvidence {
  readonly users: ReadonlyMap<Guid, FreshUser>;
  readonly groups: ReadonlyMap<Guid, LicensedGroup>;
  /** The SKUs as they are now, and so the standing of their subscriptions. */
  readonly catalog: Catalog;
  /** A group that could not be read, or the SKUs: then nothing is known about anybody. */
  readonly unreadable: { readonly what: string; readonly failure: GraphFailure } | null;
}

/**
 * @param asksEnds whether it is asked which memberships end by themselves
 * @throws GraphError where the read fails as a whole
 */
export async function readFreshly(
  userIds: readonly Guid[],
  declared: readonly DeclaredGroup[],
  graph: TenantGraph,
  asksEnds: boolean,
): Promise<FreshEvidence> {
  const groupIds = declared.map(({ groupId }) => groupId);
  const fresh = await graph.freshUsers(userIds, groupIds, asksEnds ? groupIds : []);
  const groups = new Map<Guid, LicensedGroup>();
  const { skus } = fresh;
  const catalog = new Catalog("kind" in skus ? [] : skus);
  let unreadable: FreshEvidence["unreadable"] = "kind" in skus ? { what: "the tenant's SKUs", failure: skus } : null;
  for (const [groupId, group] of fresh.groups) {
    if (isFailure(group)) unreadable = { what: `a licensing group ${groupId}`, failure: group };
    else groups.set(groupId, groupOfToday(group, catalog));
  }
  const ends: MembershipEnds = new Map([...fresh.ends].map(([id, of]) => [id, isFailure(of) ? "unknown" : of]));
  const users = new Map(
    userIds.map((userId): [Guid, FreshUser] => {
      const user = fresh.users.get(userId) ?? { kind: "notFound", id: userId };
      const memberships = fresh.memberships.get(userId) ?? { kind: "notFound", id: userId };
      if (!isFailure(user) && !isFailure(memberships)) {
        const memberOf = new Set(groupIds.filter((groupId) => memberships.has(groupId)));
        return [userId, { user: userOfToday(user, catalog), memberOf, ending: endingOf(userId, memberOf, ends) }];
      }
      const failures = [user, memberships].filter((read) => isFailure(read));
      // Deleted between the two reads: the one that failed otherwise does not matter any more.
      const failure = failures.find(({ kind }) => kind === "notFound") ?? failures[0];
      return [userId, failure ?? { kind: "notFound", id: userId }];
    }),
  );
  return { users, groups, catalog, unreadable };
}
