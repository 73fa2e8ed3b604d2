import type { Guid } from "../model";
import type { TenantSnapshot } from "../snapshot";

/** First-level members of each declared group for whom one of its licences fails, in numbers; groups without any are left out. */
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
