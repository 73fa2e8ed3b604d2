import type { DeclaredGroup } from "./declaration";
import { changesToGroup, type LicenseChange } from "./group-change";
import { inheritanceProblems, type InheritanceProblem } from "./inheritance";
import { licensesAfter } from "./licenses-after";
import { lossOfGroupChanges, lossRefusal, withoutAccepted, type LicensesByGroup, type ResolvedLoss } from "./loss";
import type { LicensedGroup, LicensedUser, NestedGroup } from "./model";
import type { StackRecord } from "./record";
import type { TenantSnapshot } from "./snapshot";

/** What one run is going to do to a group, and what it found there. */
export interface GroupPlan {
  readonly declared: DeclaredGroup;
  readonly now: LicensedGroup;
  readonly changes: readonly LicenseChange[];
  readonly members: number;
  readonly nested: readonly NestedGroup[];
  readonly problems: readonly InheritanceProblem[];
  /** Members who would lose something if the group gave nothing: while there are any, its licences are protected. */
  readonly dependents: number;
  /** What the other groups of this stack will give: a check of one change knows of the others. */
  readonly others: LicensesByGroup;
  /** Losses that the stack file accepts for this group. */
  readonly accepted: readonly ResolvedLoss[];
  /** Why the change is refused: somebody would lose a plan; `null` when nobody would. */
  readonly refusal: string | null;
}

export function planGroup(
  declared: DeclaredGroup,
  snapshot: TenantSnapshot,
  record: StackRecord,
  acceptedLosses: readonly ResolvedLoss[],
  after: LicensesByGroup,
): GroupPlan {
  const { catalog } = snapshot;
  const now = snapshot.groups.get(declared.groupId);
  if (now === undefined) throw new Error(`the snapshot lacks the declared group ${declared.groupId}`);
  const memberIds = snapshot.members.get(declared.groupId) ?? new Set();
  const members = [...memberIds].flatMap((id) => snapshot.users.get(id) ?? []);
  const accepted = acceptedLosses.filter(({ group }) => group === declared.name);
  return {
    declared,
    now,
    changes: changesToGroup(declared.licenses, now.licenses),
    members: members.length,
    nested: snapshot.nested.get(declared.groupId) ?? [],
    problems: members.flatMap((user) => inheritanceProblems(user, declared, catalog)),
    dependents: lossOfGroupChanges(members, emptied(after), catalog).length,
    others: new Map([...after].filter(([groupId]) => groupId !== declared.groupId)),
    accepted,
    refusal: otherGroup(declared, record) ?? lossOf(declared, now, members, accepted, snapshot, after),
  };
}

/** A logical name that came to mean another group would silently let go of the first one. */
function otherGroup({ name, groupId, displayName }: DeclaredGroup, record: StackRecord): string | null {
  const before = record.groupLicenses.get(name);
  if (before === undefined || before.groupId === groupId) return null;
  return (
    `licensing:groups.${name} was the group ${before.groupId} and is now ${displayName} (${groupId}). A logical name ` +
    `stands for one group for life, so nothing was changed. Declare ${displayName} under a name of its own beside ` +
    `${name}; when everybody inherits from it, take ${name} out of the file.`
  );
}

/** Giving fewer plans, or no longer a SKU that this stack gave, must take nothing from anybody. */
function lossOf(
  declared: DeclaredGroup,
  now: LicensedGroup,
  members: readonly LicensedUser[],
  accepted: readonly ResolvedLoss[],
  { catalog }: TenantSnapshot,
  after: LicensesByGroup,
): string | null {
  const losses = withoutAccepted(lossOfGroupChanges(members, after, catalog), accepted);
  return losses.length === 0 ? null : lossRefusal(declared, now.licenses, losses, catalog);
}

/** What each declared group will give after this run. */
export function licensesAfterRun(snapshot: TenantSnapshot, record: StackRecord): LicensesByGroup {
  return new Map(
    snapshot.declared.map((group) => {
      const before = record.groupLicenses.get(group.name);
      const given = before?.groupId === group.groupId ? before.licenses.map(({ skuId }) => skuId) : [];
      const now = snapshot.groups.get(group.groupId) ?? { licenses: [] };
      return [group.groupId, licensesAfter(group, now, given)];
    }),
  );
}

function emptied(after: LicensesByGroup): LicensesByGroup {
  return new Map([...after.keys()].map((groupId) => [groupId, []]));
}
