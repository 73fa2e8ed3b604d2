import type { DeclaredGroup } from "../declaration";
import { isConverged, stillToTakeOff } from "../loss/group-change";
import type { JoiningByGroup } from "../preflight/joining";
import type { Assignment, Guid, License, LicenseErrorCause, LicensedGroup, LicensedUser } from "../model";
import type { FailingMembers } from "../preflight/foreseen";
import type { TenantSnapshot } from "../snapshot";

/**
 * Predicts the tenant after the declared groups have their licences and members. Members and joining users count as
 * having inherited the declared licences, unless a failure is predicted. SKUs to take off are gone; everything else
 * is unchanged.
 */
export function predict(
  snapshot: TenantSnapshot,
  joining: JoiningByGroup = new Map(),
  failing: FailingMembers = new Map(),
): { readonly snapshot: TenantSnapshot; readonly predicted: boolean } {
  const groups = new Map(snapshot.groups);
  const users = new Map(snapshot.users);
  const members = new Map(snapshot.members);
  let predicted = false;
  for (const group of snapshot.declared) {
    const now = groups.get(group.groupId);
    const joiners = joining.get(group.groupId)?.userIds ?? new Set<Guid>();
    const isThere = now !== undefined && isConverged(group, now);
    if (isThere && joiners.size === 0) continue;
    predicted = true;
    const all = new Set([...(members.get(group.groupId) ?? []), ...joiners]);
    members.set(group.groupId, all);
    if (!isThere && now !== undefined) groups.set(group.groupId, asDeclared(now, group));
    const given = group.licenses.map((license) => activeEntry(license, group.groupId));
    const takenOff = now === undefined ? new Set<Guid>() : stillToTakeOff(group, now);
    for (const userId of isThere ? joiners : all) {
      const user = users.get(userId);
      if (user === undefined) continue;
      users.set(userId, withInherited(without(takenOff, group, user), given, failing.get(group.groupId)?.get(userId)));
    }
  }
  return predicted ? { snapshot: { ...snapshot, groups, users, members }, predicted } : { snapshot, predicted };
}

/**
 * The users once every member has what the groups are declared to give, and before any SKU goes off a group. Entries in
 * error stay as they are.
 */
export function usersWhenGiven(
  { declared, members, users }: TenantSnapshot,
  joining: JoiningByGroup,
  failing: FailingMembers,
): ReadonlyMap<Guid, LicensedUser> {
  const later = new Map(users);
  for (const { groupId, licenses } of declared) {
    const given = licenses.map((license) => activeEntry(license, groupId));
    const joiners = joining.get(groupId)?.userIds ?? [];
    for (const userId of new Set([...(members.get(groupId) ?? []), ...joiners])) {
      const user = later.get(userId);
      if (user !== undefined) later.set(userId, withInherited(user, given, failing.get(groupId)?.get(userId)));
    }
  }
  return later;
}

/** Members of one group once each has its licences. Entries in error stay as they are. */
export function whenGivenBy(
  { groupId, licenses }: Pick<DeclaredGroup, "groupId" | "licenses">,
  members: readonly LicensedUser[],
): readonly LicensedUser[] {
  const given = licenses.map((license) => activeEntry(license, groupId));
  return members.map((user) => withInherited(user, given, undefined));
}

function activeEntry(license: License, groupId: Guid): Assignment {
  return { ...license, assignedByGroup: groupId, state: "Active", error: null };
}

function asDeclared(now: LicensedGroup, group: DeclaredGroup): LicensedGroup {
  const takenOff = stillToTakeOff(group, now);
  const others = now.licenses.filter(
    ({ skuId }) => !takenOff.has(skuId) && group.licenses.every((each) => each.skuId !== skuId),
  );
  return { ...now, licenses: [...others, ...group.licenses], processingState: "ProcessingComplete" };
}

/**
 * The user's entries without these SKUs of the group. If the only failing SKU is among them, the group's entries
 * with the error `Other` go too: they failed only because of it.
 */
function without(takenOff: ReadonlySet<Guid>, { groupId }: DeclaredGroup, user: LicensedUser): LicensedUser {
  if (takenOff.size === 0) return user;
  const ofGroup = user.assignments.filter(({ assignedByGroup }) => assignedByGroup === groupId);
  const culprits = ofGroup.filter(({ state, error }) => state === "Error" && error !== null && error !== "Other");
  const heals = culprits.length > 0 && culprits.every(({ skuId }) => takenOff.has(skuId));
  const isSibling = ({ assignedByGroup, state, error }: Assignment) =>
    assignedByGroup === groupId && state === "Error" && error === "Other";
  const assignments = user.assignments
    .filter(({ assignedByGroup, skuId }) => assignedByGroup !== groupId || !takenOff.has(skuId))
    .filter((entry) => !(heals && isSibling(entry)));
  return { ...user, assignments };
}

/**
 * Entries in error stay in error, so that present blocks are not predicted away. A group gives all or nothing, so
 * one failing SKU fails the others.
 */
function withInherited(
  user: LicensedUser,
  given: readonly Assignment[],
  failing: ReadonlyMap<Guid, LicenseErrorCause> | undefined,
): LicensedUser {
  const isSame = (entry: Assignment, other: Assignment) =>
    entry.assignedByGroup === other.assignedByGroup && entry.skuId === other.skuId;
  const inherited = given.map(
    (entry): Assignment =>
      user.assignments.find((now) => isSame(now, entry) && now.state !== "Active") ??
      (failing === undefined ? entry : { ...entry, state: "Error", error: failing.get(entry.skuId) ?? "Other" }),
  );
  const others = user.assignments.filter((now) => given.every((entry) => !isSame(now, entry)));
  return { ...user, assignments: [...others, ...inherited] };
}
