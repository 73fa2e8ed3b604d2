import type { DeclaredGroup } from "./declaration";
import type { Catalog } from "./catalog/catalog";
import { endingOf, type MembershipCheck, type MembershipEnd } from "./membership-ends";
import type { Guid, LicensedGroup, LicensedUser, NestedGroup } from "./model";

/** What the decision about one user rests on. */
export interface UserEvidence {
  readonly user: LicensedUser;
  /** Declared groups that the user is a first-level member of. */
  readonly memberOf: ReadonlySet<Guid>;
  /** Declared groups that the user is in only through a nested group. */
  readonly nestedIn: ReadonlySet<Guid>;
  /** Declared groups whose membership does not surely last; absent: none, or it is not checked in this tenant. */
  readonly ending?: ReadonlyMap<Guid, MembershipEnd>;
}

/** What the decisions about all users rest on. */
export interface LicensingWorld {
  readonly declared: readonly DeclaredGroup[];
  readonly groups: ReadonlyMap<Guid, LicensedGroup>;
  readonly catalog: Catalog;
  /** Risks that the stack file takes; absent: none. */
  readonly accepts?: AcceptedRisks;
}

/** Risks that a person may take, and the program never does by itself. */
export interface AcceptedRisks {
  /** SKUs in their grace period that count like others. */
  readonly grace: ReadonlySet<Guid>;
  /** Users whose direct licence nothing could put back may lose it all the same, where it is replaced. */
  readonly noWayBack: boolean;
}

/** Everything one run has read of the tenant: what the plan is made from. Removal never rests on it. */
export interface TenantSnapshot extends LicensingWorld {
  /** First-level members of the declared groups, and everybody else who holds a declared SKU. */
  readonly users: ReadonlyMap<Guid, LicensedUser>;
  /** First-level user members of each declared group. */
  readonly members: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** Users whose licences could not be read, by why: nothing is planned for them. They are members all the same. Absent: none. */
  readonly unreadable?: ReadonlyMap<Guid, string>;
  /** Groups inside each declared group. */
  readonly nested: ReadonlyMap<Guid, readonly NestedGroup[]>;
  /** What is known of memberships that end by themselves; absent: it was not asked. */
  readonly membershipEnds?: MembershipCheck;
  /** Groups that users inherit from by their entries and that no longer exist; absent: none. */
  readonly goneGroups?: ReadonlySet<Guid>;
}

const NONE: ReadonlySet<Guid> = new Set();

/**
 * The evidence about each user, as of the snapshot.
 *
 * @param userIds of these alone; absent: of all
 */
export function* evidenceOf(
  snapshot: TenantSnapshot,
  userIds: Iterable<Guid> = snapshot.users.keys(),
): Generator<UserEvidence> {
  const nestedUsers = nestedUsersOf(snapshot);
  const ends = snapshot.membershipEnds?.kind === "checked" ? snapshot.membershipEnds.ends : null;
  for (const userId of userIds) {
    const user = snapshot.users.get(userId);
    if (user === undefined) continue;
    const memberOf = new Set<Guid>();
    const nestedIn = new Set<Guid>();
    for (const { groupId } of snapshot.declared) {
      if (snapshot.members.get(groupId)?.has(user.id) === true) memberOf.add(groupId);
      else if ((nestedUsers.get(groupId) ?? NONE).has(user.id)) nestedIn.add(groupId);
    }
    yield ends === null
      ? { user, memberOf, nestedIn }
      : { user, memberOf, nestedIn, ending: endingOf(user.id, memberOf, ends) };
  }
}

/** The users of nested groups, by the declared group around them. */
export function nestedUsersOf(snapshot: TenantSnapshot): ReadonlyMap<Guid, ReadonlySet<Guid>> {
  return new Map(
    snapshot.declared.map(({ groupId }) => [
      groupId,
      new Set((snapshot.nested.get(groupId) ?? []).flatMap((group) => group.userIds)),
    ]),
  );
}
