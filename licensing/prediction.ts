import type { DeclaredGroup } from "./declaration";
import { isConverged } from "./group-change";
import type { Assignment, Guid, LicensedGroup, LicensedUser } from "./model";
import type { TenantSnapshot } from "./snapshot";

/**
 * The tenant as the declaration will make it, for a plan that is made before the groups have their licences.
 * Members of a group that is not there yet count as having inherited what it declares; everything else is as it is.
 */
export function predict(snapshot: TenantSnapshot): { readonly snapshot: TenantSnapshot; readonly predicted: boolean } {
  const pending = snapshot.declared.filter((group) => {
    const now = snapshot.groups.get(group.groupId);
    return now === undefined || !isConverged(group, now);
  });
  if (pending.length === 0) return { snapshot, predicted: false };
  const groups = new Map(snapshot.groups);
  const users = new Map(snapshot.users);
  for (const group of pending) {
    const now = groups.get(group.groupId);
    if (now !== undefined) groups.set(group.groupId, asDeclared(now, group));
    for (const userId of snapshot.members.get(group.groupId) ?? []) {
      const user = users.get(userId);
      if (user !== undefined) users.set(userId, withInherited(user, group));
    }
  }
  return { snapshot: { ...snapshot, groups, users }, predicted: true };
}

function asDeclared(now: LicensedGroup, group: DeclaredGroup): LicensedGroup {
  const others = now.licenses.filter((license) => group.licenses.every((each) => each.skuId !== license.skuId));
  return { ...now, licenses: [...others, ...group.licenses], processingState: "ProcessingComplete" };
}

/** An entry that is in error now stays so: what blocks somebody today is not predicted away. */
function withInherited(user: LicensedUser, group: DeclaredGroup): LicensedUser {
  const isOurs = (entry: Assignment, skuId: Guid) => entry.assignedByGroup === group.groupId && entry.skuId === skuId;
  const inherited = group.licenses.map(
    (license): Assignment =>
      user.assignments.find((entry) => isOurs(entry, license.skuId) && entry.state !== "Active") ?? {
        ...license,
        assignedByGroup: group.groupId,
        state: "Active",
        error: null,
      },
  );
  const others = user.assignments.filter((entry) => group.licenses.every(({ skuId }) => !isOurs(entry, skuId)));
  return { ...user, assignments: [...others, ...inherited] };
}
