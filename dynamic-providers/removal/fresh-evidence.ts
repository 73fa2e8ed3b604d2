import { isFailure, type GraphFailure } from "../../graph/client/failure";
import { unreadEnd } from "../../graph/reads/membership-ends";
import type { FreshReads } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import type { Successor } from "../../licensing/catalog/successors";
import type { DeclaredGroup } from "../../licensing/declaration";
import type { Guid, LicensedGroup, LicensedUser } from "../../licensing/model";
import { groupOfToday, userOfToday } from "../../licensing/catalog/of-today";
import { endingOf, type MembershipEnds, type MembershipEnd } from "../../licensing/membership-ends";

/** One user, just read by id, or the failure; `notFound` means that the user was deleted. */
export type FreshUser = FreshlyRead | GraphFailure;

interface FreshlyRead {
  readonly user: LicensedUser;
  readonly memberOf: ReadonlySet<Guid>;
  /** Declared groups with a membership that may end, or that could not be checked. */
  readonly ending: ReadonlyMap<Guid, MembershipEnd>;
}

/** Users, their memberships in the declared groups, and these groups, all read together. */
export interface FreshEvidence {
  readonly users: ReadonlyMap<Guid, FreshUser>;
  readonly groups: ReadonlyMap<Guid, LicensedGroup>;
  /** The current SKUs, and so the state of their subscriptions. */
  readonly catalog: Catalog;
  /** A group or the SKUs could not be read, so nothing is proven for any user. */
  readonly unreadable: { readonly what: string; readonly failure: GraphFailure } | null;
}

/**
 * @param asksEnds whether time-limited memberships are read as well
 * @throws {GraphError} if the read fails as a whole
 */
export async function readFreshly(
  userIds: readonly Guid[],
  declared: readonly DeclaredGroup[],
  graph: FreshReads,
  asksEnds: boolean,
  successors: readonly Successor[],
): Promise<FreshEvidence> {
  const groupIds = declared.map(({ groupId }) => groupId);
  const fresh = await graph.freshUsers(userIds, groupIds, asksEnds ? groupIds : []);
  const groups = new Map<Guid, LicensedGroup>();
  const { skus } = fresh;
  // check: the subscriptions are read with the proof
  const catalog = new Catalog("kind" in skus ? [] : skus, successors);
  let unreadable: FreshEvidence["unreadable"] = "kind" in skus ? { what: "the tenant's SKUs", failure: skus } : null;
  for (const [groupId, group] of fresh.groups) {
    if (isFailure(group)) unreadable = { what: `a licensing group ${groupId}`, failure: group };
    else groups.set(groupId, groupOfToday(group, catalog));
  }
  // check: a membership may end if its end could not be read
  const ends: MembershipEnds = new Map([...fresh.ends].map(([id, of]) => [id, isFailure(of) ? unreadEnd(of) : of]));
  const users = new Map(
    userIds.map((userId): [Guid, FreshUser] => {
      const user = fresh.users.get(userId) ?? { kind: "notFound", id: userId };
      const memberships = fresh.memberships.get(userId) ?? { kind: "notFound", id: userId };
      if (!isFailure(user) && !isFailure(memberships)) {
        const memberOf = new Set(groupIds.filter((groupId) => memberships.has(groupId)));
        return [userId, { user: userOfToday(user, catalog), memberOf, ending: endingOf(userId, memberOf, ends) }];
      }
      const failures = [user, memberships].filter((read) => isFailure(read));
      // The user was deleted between the two reads, so the other failure does not matter.
      const failure = failures.find(({ kind }) => kind === "notFound") ?? failures[0];
      return [userId, failure ?? { kind: "notFound", id: userId }];
    }),
  );
  return { users, groups, catalog, unreadable };
}
