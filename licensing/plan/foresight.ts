import { changesToGroup } from "../loss/group-change";
import { joiningOf, type JoiningByGroup } from "../preflight/joining";
import type { OwnGroups } from "../stack-file/own-group";
import type { ChangedGroup } from "../preflight/cohort";
import { failingMembers, foreseeTrouble, type Foreseen } from "../preflight/foreseen";
import type { Guid, LicensedUser } from "../model";
import { predict, usersWhenGiven } from "./prediction";
import type { TenantSnapshot } from "../snapshot";

/** The predicted effect of this run on groups and members. */
export interface Foresight {
  readonly joining: JoiningByGroup;
  /** The tenant's present state, with joining users among the members. */
  readonly joined: TenantSnapshot;
  readonly trouble: Foreseen;
  /** The tenant as predicted after the groups are changed. Waves are planned against it. */
  readonly snapshot: TenantSnapshot;
  /** True if the predicted state differs from the present one. */
  readonly predicted: boolean;
  /** See `usersWhenGiven`; computed when first asked for. */
  readonly whenGiven: () => ReadonlyMap<Guid, LicensedUser>;
}

export function foresee(input: {
  readonly snapshot: TenantSnapshot;
  readonly own?: OwnGroups;
  readonly country?: string | null;
}): Foresight {
  const now = input.snapshot;
  const joining = joiningOf(input.own ?? new Map(), now);
  const joined = withJoiners(now, joining);
  const changed = now.declared.flatMap((declared): ChangedGroup[] => {
    const group = now.groups.get(declared.groupId);
    if (group === undefined) return [];
    const changes = changesToGroup(declared.licenses, group.licenses);
    return [{ declared, now: group, changes, joining: joining.get(declared.groupId) ?? null }];
  });
  const trouble = foreseeTrouble(changed, joined, input.country ?? null);
  const failing = failingMembers(trouble);
  let given: ReadonlyMap<Guid, LicensedUser> | undefined;
  const whenGiven = () => (given ??= usersWhenGiven(now, joining, failing));
  return { joining, joined, trouble, ...predict(now, joining, failing), whenGiven };
}

export function withJoiners(snapshot: TenantSnapshot, joining: JoiningByGroup): TenantSnapshot {
  if (joining.size === 0) return snapshot;
  const members = new Map(snapshot.members);
  for (const [groupId, { userIds }] of joining) {
    members.set(groupId, new Set([...(members.get(groupId) ?? []), ...userIds]));
  }
  return { ...snapshot, members };
}
