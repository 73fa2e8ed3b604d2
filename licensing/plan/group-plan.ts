import { counted, type CountsByName } from "../counts";
import { present, type DeclaredGroup } from "../declaration";
import { dependentsOf, type Dependents } from "../loss/dependents";
import { changesToGroup } from "../loss/group-change";
import { oneCallInstead, oneCallOf, type OneCall } from "../loss/one-call";
import { inheritanceProblems } from "../inheritance/inheritance";
import type { Joining, JoiningByGroup } from "../preflight/joining";
import { unaccepted, type LicensesByGroup, type Loss, type ResolvedLoss } from "../loss/loss";
import { editionsInstead, lossRefusal } from "../loss/loss-words";
import type { Guid, License, LicensedGroup, LicensedUser, Removal } from "../model";
import { isUnmade, sameRule, type OwnGroup, type OwnGroups } from "../stack-file/own-group";
import type { People } from "../people";
import type { GroupState } from "../preflight/cohort";
import { exclusionsIn } from "../preflight/exclusive-plans";
import type { Foreseen } from "../preflight/foreseen";
import type { Leaving } from "../record/leaving-on-record";
import type { StackRecord } from "../record/record";
import type { TenantSnapshot } from "../snapshot";
import { whyNotInOneCall } from "./judge-one-call";
import { judgeTakingOff } from "./taking-off";

/** What one run will do to a group, and its present state. */
export interface GroupPlan extends GroupState {
  /** SKUs that this run takes off the group: no longer declared, or listed under `removeLicenses`. */
  readonly takenOff: readonly License[];
  /** Of `takenOff`, those that go after the gate, when every member has been verified, or in `call`. */
  readonly later: readonly License[];
  /** The group's swap in one call; `null`: none. */
  readonly call: OneCall | null;
  /** Licences on record to go off whose members no run has read back, whether or not they are off by now. */
  readonly left: readonly Leaving[];
  /** True if the group needs a take-off, or the state has one. */
  readonly hasTakeOff: boolean;
  readonly members: number;
  readonly joining: Joining | null;
  /** Members that depend on the group now, including accepted losses. */
  readonly dependents: Dependents;
  /** Members that will depend on the group after this run, without accepted losses. They prevent its release. */
  readonly dependentsLater: Dependents;
  /**
   * True if members depend on the group after this run, losses not accepted. Pulumi then refuses to delete its row.
   */
  readonly isProtected: boolean;
  /** Licences that the stack's other groups will give, needed to judge a change of this group. */
  readonly others: LicensesByGroup;
  readonly accepted: readonly ResolvedLoss[];
  /** What the change costs members, accepted losses included. */
  readonly losses: readonly Loss[];
  /** See `TakingOff.successions`. */
  readonly successions: CountsByName;
  /** Why the change is refused, such as a loss of plans; `null`: it is allowed. */
  readonly refusal: string | null;
}

/** SKUs that an interrupted run took off the group, without those that this run takes off: members are read back. */
export function interrupted({ left, later }: Pick<GroupPlan, "left" | "later">): readonly Leaving[] {
  return left.filter(({ skuId }) => later.every((each) => each.skuId !== skuId));
}

export interface GroupPlanInput {
  readonly snapshot: TenantSnapshot;
  readonly record: StackRecord;
  readonly accepted: readonly ResolvedLoss[];
  /** Licences that every group of this stack will give after this run. */
  readonly after: LicensesByGroup;
  /** The users after this run. */
  readonly usersLater: ReadonlyMap<Guid, LicensedUser>;
  /** The members after this run. */
  readonly membersLater: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  readonly joining: JoiningByGroup;
  readonly own: OwnGroups;
  /** The users once every member has what is declared; see `usersWhenGiven`. */
  readonly whenGiven: () => ReadonlyMap<Guid, LicensedUser>;
  readonly trouble: Pick<Foreseen, "conflicts" | "seats">;
  /** Direct licences that this stack is about to put back. */
  readonly comingBack: readonly Removal[];
  /** Names users in a refusal; absent: by id. */
  readonly people?: People;
}

/** @throws Error if the snapshot lacks the declared group */
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
  const changes = changesToGroup(declared.licenses, now.licenses);
  const off = declared.deleted === undefined ? takenOff(now, after.get(declared.groupId)) : [];
  const { whenGiven, trouble } = input;
  const call = oneCallOf(declared, now.licenses);
  const taking = judgeTakingOff({
    ...{ declared, members, changes, takenOff: off, call, after, accepted, catalog, whenGiven },
    seats: trouble.seats,
  });
  const joins = input.joining.get(declared.groupId)?.userIds.size ?? 0;
  const whyNotSwapped =
    call === null
      ? null
      : whyNotInOneCall({
          ...{ declared, now, call, changes, takenOff: off, members, trouble, catalog, people: input.people },
          unknown: memberIds.length - members.length + joins,
          excludes: exclusionsIn(snapshot),
          comingBack: input.comingBack,
        });
  const before = record.groupLicenses.get(declared.name);
  const isSame = before?.groupId === declared.groupId && declared.deleted === undefined;
  const stays = new Set(after.get(declared.groupId)?.map(({ skuId }) => skuId));
  const left = isSame ? before.leaving.filter(({ skuId }) => !stays.has(skuId)) : [];
  const causedNow = notSwappedBefore(taking.losses, left, now);
  const losses = unaccepted(causedNow, declared, accepted);
  return {
    declared,
    now,
    changes,
    takenOff: off,
    later: taking.later,
    call,
    left,
    hasTakeOff: taking.later.length + left.length > 0 || before?.hasTakeOff === true,
    members: members.length,
    joining: input.joining.get(declared.groupId) ?? null,
    nested: snapshot.nested.get(declared.groupId) ?? [],
    problems: members.flatMap((user) => inheritanceProblems(user, declared, catalog)),
    dependents,
    dependentsLater,
    isProtected: dependentsLater.users > 0,
    // A group that does not exist yet gives nothing reliable.
    others: new Map(
      [...after].filter(
        ([groupId]) => groupId !== declared.groupId && !isUnmade(groupId) && snapshot.goneGroups?.has(groupId) !== true,
      ),
    ),
    accepted,
    losses: causedNow,
    successions: taking.successions,
    // Neither disabling plans nor removing a SKU may take a service from a user.
    // check: a narrower group licence is refused in the preview
    refusal:
      otherGroup(declared, record) ??
      ruleChange(input.own.get(declared.name), dependents.users) ??
      whyNotSwapped ??
      taking.shortOfSeats ??
      (losses.length === 0
        ? null
        : lossRefusal(
            ...([declared, losses, catalog, "changed", input.people] as const),
            oneCallInstead(declared, now.licenses, exclusionsIn(snapshot), catalog) ??
              editionsInstead(losses, after.get(declared.groupId) ?? [], catalog),
          )),
  };
}

/**
 * True if the group's take-off comes before the gate: the gate verifies what a swap in one call has given, and a member
 * that an interrupted one left without a plan waits for nothing else.
 */
export function isBeforeGate({ call, later, left }: Pick<GroupPlan, "call" | "later" | "left">): boolean {
  return call !== null || (later.length === 0 && left.some(({ swappedFor }) => swappedFor !== undefined));
}

/**
 * Without plans of SKUs that an interrupted swap took off: Entra may not have reached the members yet, and a refusal
 * would keep the next run from reading them back.
 */
function notSwappedBefore(
  losses: readonly Loss[],
  left: readonly Leaving[],
  { licenses }: LicensedGroup,
): readonly Loss[] {
  const gone = new Set(left.flatMap(({ skuId, swappedFor }) => (swappedFor === undefined ? [] : [skuId])));
  for (const { skuId } of licenses) gone.delete(skuId);
  if (gone.size === 0) return losses;
  return losses
    .map(({ userId, plans }) => ({ userId, plans: plans.filter(({ skuId }) => !gone.has(skuId)) }))
    .filter(({ plans }) => plans.length > 0);
}

/** The groups as the gate verifies them: before anything goes off them later. */
export function groupsOfGate(plans: readonly GroupPlan[]): readonly DeclaredGroup[] {
  const isPresent = ({ declared }: GroupPlan) => present([declared]).length > 0;
  return plans.filter(isPresent).map(({ declared, later }) => {
    const { removes = [] } = declared;
    const first = removes.filter((id) => later.every(({ skuId }) => skuId !== id));
    return first.length === removes.length ? declared : { ...declared, removes: first };
  });
}

function takenOff({ licenses }: LicensedGroup, after: readonly License[] | undefined): readonly License[] {
  return after === undefined ? [] : licenses.filter(({ skuId }) => after.every((each) => each.skuId !== skuId));
}

/** A logical name that now means another group would silently release the first one. */
function otherGroup({ name, groupId, displayName }: DeclaredGroup, record: StackRecord): string | null {
  const before = record.groupLicenses.get(name);
  // check: a logical name stands for one group
  if (before === undefined || before.groupId === groupId) return null;
  const now = isUnmade(groupId) ? "not made yet" : groupId;
  return (
    `licensing:groups.${name} was the group ${before.groupId} and is now ${displayName} (${now}). A logical name ` +
    `stands for one group for life, so nothing was changed. Declare ${displayName} under a name of its own beside ` +
    `${name}; when all members inherit from it, take ${name} out of the file.`
  );
}

/**
 * Refuses a change of a membership rule while members depend on the group; `null`: allowed or unchanged. Only Entra
 * can evaluate the new rule, and excluded users lose the licence at once, so no proof is possible beforehand.
 *
 * @param dependents number of members with a plan from this group alone
 */
export function ruleChange(group: OwnGroup | undefined, dependents: number): string | null {
  if (group?.members.kind !== "rule" || group.ruleBefore === null || dependents === 0) return null;
  if (sameRule(group.ruleBefore, group.members.rule)) return null;
  const { displayName } = group.creation;
  return (
    `licensing:groups.${group.name} has another rule than the last run gave it (${group.ruleBefore}), and ` +
    `${counted(dependents, "member depends", "members depend")} on ${displayName} for a service. Members that the new rule does not take would lose it ` +
    `the moment Entra evaluates it, and only Entra can tell which members those are, so nothing was changed. Put the rule back, and declare ` +
    `a further group with the new rule beside ${group.name}. When all members inherit from it, take ${group.name} out of the file.`
  );
}
