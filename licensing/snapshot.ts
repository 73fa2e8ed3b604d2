import { scopeByUser, type DeclaredGroup } from "./declaration";
import type { Catalog } from "./catalog/catalog";
import { endingOf, type MembershipCheck, type MembershipEnd } from "./membership-ends";
import type { Guid, LicensedGroup, LicensedUser, NestedGroup } from "./model";

/** The facts about one user that a decision rests on. */
export interface UserEvidence {
  readonly user: LicensedUser;
  /** Declared groups that the user is a first-level member of. */
  readonly memberOf: ReadonlySet<Guid>;
  /** Declared groups that contain the user only through a nested group. */
  readonly nestedIn: ReadonlySet<Guid>;
  /** Declared groups that the user leaves at a set time, or may leave. Absent: none, or not checked in this tenant. */
  readonly ending?: ReadonlyMap<Guid, MembershipEnd>;
}

/** The facts about the tenant that every decision rests on. */
export interface LicensingWorld {
  readonly declared: readonly DeclaredGroup[];
  readonly groups: ReadonlyMap<Guid, LicensedGroup>;
  readonly catalog: Catalog;
  /** Risks that the stack file accepts. Default: none. */
  readonly accepts?: AcceptedRisks;
  /** Seats that swaps decided just before will take, by SKU. Default: none. */
  readonly seatsTaken?: ReadonlyMap<Guid, number>;
}

/** Risks that only an administrator may accept. */
export interface AcceptedRisks {
  /** SKUs that count as in force during their grace period. */
  readonly grace: ReadonlySet<Guid>;
  /** Allows removing a replaced direct licence that could not be assigned again: of every SKU, or of these. */
  readonly noWayBack: boolean | ReadonlySet<Guid>;
}

/** Whether the stack file accepts that the direct licence of this SKU could not be assigned again. */
export function acceptsNoWayBack(accepts: AcceptedRisks | undefined, skuId: Guid): boolean {
  const { noWayBack = false } = accepts ?? {};
  return typeof noWayBack === "boolean" ? noWayBack : noWayBack.has(skuId);
}

/** The tenant as one run read it: the input of the plan. Removals never rest on it; they need a fresh read. */
export interface TenantSnapshot extends LicensingWorld {
  /** First-level members of the declared groups, and all other holders of a SKU in scope or on record. */
  readonly users: ReadonlyMap<Guid, LicensedUser>;
  /** First-level user members of each declared group. */
  readonly members: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /**
   * Users without readable licences, with the reason. They stay members, but nothing is planned for them.
   */
  readonly unreadable?: ReadonlyMap<Guid, string>;
  /** Groups nested in each declared group. */
  readonly nested: ReadonlyMap<Guid, readonly NestedGroup[]>;
  /** Time-limited memberships; absent if not read. */
  readonly membershipEnds?: MembershipCheck;
  /** Deleted groups that users' assignments still refer to. */
  readonly goneGroups?: ReadonlySet<Guid>;
}

const NONE: ReadonlySet<Guid> = new Set();

/**
 * Yields the evidence about users as of the snapshot.
 *
 * @param userIds limits the result to these users; default: all users
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

/** The SKUs with direct assignments that may go, by user; see `scopeByUser`. */
export function scopesIn(snapshot: TenantSnapshot): (userId: Guid) => ReadonlySet<Guid> {
  const scopeOf = scopeByUser(snapshot.declared);
  const nested = nestedUsersOf(snapshot);
  return (userId) =>
    scopeOf(
      (groupId) => snapshot.members.get(groupId)?.has(userId) === true || (nested.get(groupId) ?? NONE).has(userId),
    );
}

/** User ids inside nested groups, by declared group. */
export function nestedUsersOf(snapshot: TenantSnapshot): ReadonlyMap<Guid, ReadonlySet<Guid>> {
  return new Map(
    snapshot.declared.map(({ groupId }) => [
      groupId,
      new Set((snapshot.nested.get(groupId) ?? []).flatMap((group) => group.userIds)),
    ]),
  );
}
