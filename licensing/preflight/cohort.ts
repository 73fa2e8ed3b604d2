import type { LicenseChange } from "../loss/group-change";
import type { DeclaredGroup } from "../declaration";
import { effectivePlans } from "../effective-plans";
import type { Joining } from "./joining";
import type { InheritanceProblem } from "../inheritance/inheritance";
import { licensesAfter } from "../record/licenses-after";
import type { Assignment, Guid, LicensedGroup, License, LicensedUser, NestedGroup } from "../model";
import { oneCallOf } from "../loss/one-call";
import type { TenantSnapshot } from "../snapshot";

/** A declared group, its present state and this run's changes to it: the input of the checks. */
export interface GroupState {
  readonly declared: DeclaredGroup;
  readonly now: LicensedGroup;
  readonly changes: readonly LicenseChange[];
  readonly nested: readonly NestedGroup[];
  readonly problems: readonly InheritanceProblem[];
  /** Users that this run adds; `null` or absent: the stack does not manage the members. */
  readonly joining?: Joining | null;
  /** SKUs that this run takes off the group: no longer declared, or listed under `removeLicenses`. Absent: none. */
  readonly takenOff?: readonly License[];
}

/** The part of a group's state that tells which users a run affects. */
export type ChangedGroup = Pick<GroupState, "declared" | "now" | "changes" | "joining">;

/**
 * Members of one group that this run gives a licence and that have the same licences, sources and location. One
 * check covers all of them, so 100,000 users are judged by a few hundred patterns.
 */
export interface Cohort {
  readonly group: ChangedGroup;
  /** Any one of the users; all checks look at this one. */
  readonly like: LicensedUser;
  readonly userIds: readonly Guid[];
  /** SKUs of which each user takes a seat today. */
  readonly seats: ReadonlySet<Guid>;
  /** Plans that each user can use today, apart from those that a swap in one call takes off the group. */
  readonly plansNow: ReadonlySet<Guid>;
  /** Plans that all declared groups of these users give together. */
  readonly plansGiven: ReadonlySet<Guid>;
  /** Plans that this group gives after the run. */
  readonly plansOwn: ReadonlySet<Guid>;
  /** Plans that other groups are to give in the same run. Entra decides which group is processed first. */
  readonly coming: readonly PlansComing[];
  /** The usage location that Entra applies; `null`: none is set, and the tenant's country is unknown. */
  readonly location: string | null;
}

export interface PlansComing {
  readonly group: DeclaredGroup;
  readonly plans: ReadonlySet<Guid>;
}

/**
 * The members affected by this run: all members of groups with changed licences, and users that join a group.
 *
 * @param country the tenant's country, two letters; `null`: unknown
 */
export function cohortsOf(
  groups: readonly ChangedGroup[],
  snapshot: TenantSnapshot,
  country: string | null,
): readonly Cohort[] {
  const context = { groups, snapshot, country };
  return groups.flatMap((group) => {
    const joining = group.joining?.userIds ?? new Set<Guid>();
    const members = [...(snapshot.members.get(group.declared.groupId) ?? [])];
    const there = members.filter((userId) => !joining.has(userId));
    return [
      ...(group.changes.length > 0 ? alikeOf(group, there, context) : []),
      ...(joining.size > 0 ? alikeOf(asNewTo(group), joining, context) : []),
    ];
  });
}

interface Context {
  readonly groups: readonly ChangedGroup[];
  readonly snapshot: TenantSnapshot;
  readonly country: string | null;
}

/** A user that joins gets all of the group's licences, including present and undeclared ones. */
function asNewTo(group: ChangedGroup): ChangedGroup {
  const all = licensesAfter(group.declared, group.now, []);
  return { ...group, changes: all.map((license) => ({ kind: "add", license })) };
}

function alikeOf(group: ChangedGroup, userIds: Iterable<Guid>, context: Context): readonly Cohort[] {
  const { snapshot } = context;
  const alike = new Map<string, LicensedUser[]>();
  for (const userId of userIds) {
    const user = snapshot.users.get(userId);
    if (user === undefined) continue;
    const key = patternOf(user, snapshot);
    const others = alike.get(key) ?? [];
    alike.set(key, others);
    others.push(user);
  }
  return [...alike.values()].map((users) => cohort(group, users, context));
}

function cohort(group: ChangedGroup, users: readonly LicensedUser[], { groups, snapshot, country }: Context): Cohort {
  const [like] = users;
  if (like === undefined) throw new Error("a cohort has at least one user");
  const plansNow = effectivePlans(withoutSwapped(like, group), snapshot.catalog);
  const isIn = (groupId: Guid) => snapshot.members.get(groupId)?.has(like.id) === true;
  const plansOf = (licenses: readonly License[]) =>
    new Set(licenses.flatMap((license) => [...snapshot.catalog.enabledPlans(license)]));
  const given = snapshot.declared.filter(({ groupId }) => isIn(groupId)).flatMap(({ licenses }) => licenses);
  const changesOf = ({ changes }: ChangedGroup) => changes.map(({ license }) => license);
  const coming = groups
    .filter(({ declared }) => declared.groupId !== group.declared.groupId && isIn(declared.groupId))
    .map((other) => (other.joining?.userIds.has(like.id) === true ? asNewTo(other) : other))
    .filter(({ changes }) => changes.length > 0);
  return {
    group,
    like,
    userIds: users.map(({ id }) => id).sort(),
    seats: seatsOf(like),
    plansNow,
    plansGiven: plansOf(given),
    plansOwn: plansOf([...group.declared.licenses, ...changesOf(group)]),
    coming: coming.map((other) => ({ group: other.declared, plans: plansOf(changesOf(other)) })),
    location: like.usageLocation ?? country,
  };
}

/** Without what this group's own call takes off: it excludes nothing that comes in the same call. */
function withoutSwapped(
  { assignments }: LicensedUser,
  { declared, now }: ChangedGroup,
): Pick<LicensedUser, "assignments"> {
  const off = new Set(oneCallOf(declared, now.licenses)?.off.map(({ skuId }) => skuId));
  const goes = ({ skuId, assignedByGroup }: Assignment) => assignedByGroup === declared.groupId && off.has(skuId);
  return { assignments: assignments.filter((entry) => !goes(entry)) };
}

/** All plans that the users would have after the run, with those of the other groups. */
export function plansThen({ plansNow, plansOwn, coming }: Cohort): ReadonlySet<Guid> {
  return new Set([...plansNow, ...plansOwn, ...coming.flatMap(({ plans }) => [...plans])]);
}

/** One seat a SKU, however many sources it has: `assignedLicenses` merges them. */
function seatsOf(user: LicensedUser): ReadonlySet<Guid> {
  return new Set(user.assignedLicenses.map(({ skuId }) => skuId));
}

function patternOf(user: LicensedUser, { declared, members }: TenantSnapshot): string {
  const entries = user.assignments.map(
    ({ skuId, assignedByGroup, state, error, disabledPlans }) =>
      `${skuId} ${assignedByGroup ?? ""} ${state} ${error ?? ""} ${[...disabledPlans].sort().join()}`,
  );
  const seats = user.assignedLicenses.map(({ skuId }) => skuId);
  const joined = declared.filter(({ groupId }) => members.get(groupId)?.has(user.id) === true).map(({ name }) => name);
  return [entries.sort().join("|"), seats.sort().join(), joined.join(), user.usageLocation ?? ""].join(" / ");
}
