import type { Guid } from "../model";
import type { TenantSnapshot } from "../snapshot";

/** Number of first-level members with a failing licence, by declared group; groups without any are absent. */
export function membersInError({ declared, members, users }: TenantSnapshot): Readonly<Record<Guid, number>> {
  const counts = declared.map(({ groupId }): [Guid, number] => {
    const failing = [...(members.get(groupId) ?? [])].filter((userId) =>
      users
        .get(userId)
        ?.assignments.some(
          ({ assignedByGroup, state, error }) => assignedByGroup === groupId && (state === "Error" || error !== null),
        ),
    );
    return [groupId, failing.length];
  });
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** The larger number of both, group by group: members that the plan foresees to fail are no surprise. */
export function inErrorNowOrThen(now: TenantSnapshot, then: TenantSnapshot): Readonly<Record<Guid, number>> {
  const [known, foreseen] = [membersInError(now), membersInError(then)];
  const most = (groupId: Guid) => Math.max(known[groupId] ?? 0, foreseen[groupId] ?? 0);
  return Object.fromEntries(Object.keys({ ...known, ...foreseen }).map((groupId) => [groupId, most(groupId)]));
}
