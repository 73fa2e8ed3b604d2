import type { DeclaredGroup } from "../declaration";
import { dependentsOf, type Dependents } from "../loss/dependents";
import { changesToGroup } from "../loss/group-change";
import { inheritanceProblems } from "../inheritance/inheritance";
import type { Joining, JoiningByGroup } from "../preflight/joining";
import { lossOfGroupChanges, unaccepted, type LicensesByGroup, type ResolvedLoss } from "../loss/loss";
import { lossRefusal } from "../loss/loss-words";
import type { Guid, License, LicensedGroup, LicensedUser } from "../model";
import { isUnmade, type OwnGroups } from "../stack-file/own-group";
import type { People } from "../people";
import type { GroupState } from "../preflight/cohort";
import type { StackRecord } from "../record/record";
import { ruleChange } from "../loss/rule-change";
import type { TenantSnapshot } from "../snapshot";

/** What one run is going to do to a group, and what it found there. */
export interface GroupPlan extends GroupState {
  /** What this run takes off the group: what it gave and no longer declares, and what it is told to take off. */
  readonly takenOff: readonly License[];
  readonly members: number;
  readonly joining: Joining | null;
  /** Members who depend now on what the group gives, whether or not they may lose it. */
  readonly dependents: Dependents;
  /** Members who will depend on it after this run for a plan that they may not lose: they keep the group from being let go. */
  readonly dependentsLater: Dependents;
  /** Now or after this run somebody depends on it for a plan that they may not lose: Pulumi then refuses to delete the group's row. */
  readonly isProtected: boolean;
  /** What the other groups of this stack will give: a check of one change knows of the others. */
  readonly others: LicensesByGroup;
  /** Losses that the stack file accepts for this group. */
  readonly accepted: readonly ResolvedLoss[];
  /** Why the change is refused: somebody would lose a plan; `null` when nobody would. */
  readonly refusal: string | null;
}

export interface GroupPlanInput {
  readonly snapshot: TenantSnapshot;
  readonly record: StackRecord;
  readonly accepted: readonly ResolvedLoss[];
  /** What every group of this stack will give after this run. */
  readonly after: LicensesByGroup;
  /** The users as this run will leave them. */
  readonly usersLater: ReadonlyMap<Guid, LicensedUser>;
  /** The members as this run will leave them. */
  readonly membersLater: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  readonly joining: JoiningByGroup;
  readonly own: OwnGroups;
  /** How a refusal names users; absent: by id alone. */
  readonly people?: People;
}

export function planGroup(declared: DeclaredGroup, input: GroupPlanInput): GroupPlan {
  const { snapshot, record, after, usersLater } = input;
  const { catalog } = snapshot;
  const now = snapshot.groups.get(declared.groupId);
  if (now === undefined) throw new Error(`the snapshot lacks the declared group ${declared.groupId}`);
  const memberIds = [...(snapshot.members.get(declared.groupId) ?? [])];
  const members = memberIds.flatMap((id) => snapshot.users.get(id) ?? []);
  const accepted = input.accepted.filter(({ group }) => group === declared.name);
  const membersLater = [...(input.membersLater.get(declared.groupId) ?? [])].flatMap((id) => usersLater.get(id) ?? []);
  const dependents = dependentsOf(declared, members, after, [], catalog);
  const dependentsLater = dependentsOf(declared, membersLater, after, accepted, catalog);
  const losses = unaccepted(lossOfGroupChanges(members, after, catalog), declared, accepted);
  return {
    declared,
    now,
    changes: changesToGroup(declared.licenses, now.licenses),
    takenOff: declared.deleted === undefined ? takenOff(now, after.get(declared.groupId)) : [],
    members: members.length,
    joining: input.joining.get(declared.groupId) ?? null,
    nested: snapshot.nested.get(declared.groupId) ?? [],
    problems: members.flatMap((user) => inheritanceProblems(user, declared, catalog)),
    dependents,
    dependentsLater,
    isProtected: dependentsLater.users > 0,
    // A group that is not made yet gives nobody anything that could be counted on.
    others: new Map(
      [...after].filter(
        ([groupId]) => groupId !== declared.groupId && !isUnmade(groupId) && snapshot.goneGroups?.has(groupId) !== true,
      ),
    ),
    accepted,
    // Giving fewer plans, or no longer a SKU that this stack gave, must take nothing from anybody.
    refusal:
      otherGroup(declared, record) ??
      ruleChange(input.own.get(declared.name), dependents.users) ??
      (losses.length === 0 ? null : lossRefusal(declared, losses, catalog, "changed", input.people)),
  };
}

function takenOff({ licenses }: LicensedGroup, after: readonly License[] | undefined): readonly License[] {
  return after === undefined ? [] : licenses.filter(({ skuId }) => after.every((each) => each.skuId !== skuId));
}

/** A logical name that came to mean another group would silently let go of the first one. */
function otherGroup({ name, groupId, displayName }: DeclaredGroup, record: StackRecord): string | null {
  const before = record.groupLicenses.get(name);
  if (before === undefined || before.groupId === groupId) return null;
  const now = isUnmade(groupId) ? "not made yet" : groupId;
  return (
    `licensing:groups.${name} was the group ${before.groupId} and is now ${displayName} (${now}). A logical name ` +
    `stands for one group for life, so nothing was changed. Declare ${displayName} under a name of its own beside ` +
    `${name}; when everybody inherits from it, take ${name} out of the file.`
  );
}
