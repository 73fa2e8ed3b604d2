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
