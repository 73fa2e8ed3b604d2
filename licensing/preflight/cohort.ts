import type { LicenseChange } from "../loss/group-change";
import type { DeclaredGroup } from "../declaration";
import { effectivePlans } from "../effective-plans";
import type { Joining } from "./joining";
import type { InheritanceProblem } from "../inheritance/inheritance";
import { licensesAfter } from "../record/licenses-after";
import type { Guid, LicensedGroup, License, LicensedUser, NestedGroup } from "../model";
import type { TenantSnapshot } from "../snapshot";

/** A declared group, and what this run finds there and does to it: all that the checks look at. */
export interface GroupState {
  readonly declared: DeclaredGroup;
  readonly now: LicensedGroup;
  readonly changes: readonly LicenseChange[];
  readonly nested: readonly NestedGroup[];
  readonly problems: readonly InheritanceProblem[];
  /** The users that this run adds; `null` or absent: the stack does not choose the members. */
  readonly joining?: Joining | null;
  /** What this run takes off the group: what it gave and no longer declares, and what it is told to take off. Absent: nothing. */
  readonly takenOff?: readonly License[];
}

/** A group, and what this run does to its licences and members: all that says whom it reaches. */
export type ChangedGroup = Pick<GroupState, "declared" | "now" | "changes" | "joining">;

/**
 * Members of one group whom this run gives something, who hold the same licences from the same sources in the same place:
 * what holds of one holds of all, so that a tenant of 100,000 people is judged by its few hundred patterns.
 */
export interface Cohort {
  readonly group: ChangedGroup;
  /** One of them. */
  readonly like: LicensedUser;
  readonly userIds: readonly Guid[];
  /** SKUs of which they take a seat today. */
  readonly seats: ReadonlySet<Guid>;
  /** Plans that they can use today. */
  readonly plansNow: ReadonlySet<Guid>;
  /** What the declared groups that they are in are declared to give, all together. */
  readonly plansGiven: ReadonlySet<Guid>;
  /** Both. */
  readonly plansThen: ReadonlySet<Guid>;
  /** Where Entra takes them to be; `null`: no location, and the tenant's country is unknown. */
  readonly location: string | null;
}

/** The members whom this run will reach: those of groups whose licences it changes, and who joins a group in it. */
export function cohortsOf(
  groups: readonly ChangedGroup[],
  snapshot: TenantSnapshot,
  country: string | null,
): readonly Cohort[] {
  return groups.flatMap((group) => {
    const joining = group.joining?.userIds ?? new Set<Guid>();
    const members = [...(snapshot.members.get(group.declared.groupId) ?? [])];
    const there = members.filter((userId) => !joining.has(userId));
    return [
      ...(group.changes.length > 0 ? alikeOf(group, there, snapshot, country) : []),
      ...(joining.size > 0 ? alikeOf(asNewTo(group), joining, snapshot, country) : []),
    ];
  });
}

/** Whoever joins gets all that the group gives: what it gives today, too, and what nobody declared. */
function asNewTo(group: ChangedGroup): ChangedGroup {
  const all = licensesAfter(group.declared, group.now, []);
  return { ...group, changes: all.map((license) => ({ kind: "add", license })) };
}

function alikeOf(
  group: ChangedGroup,
  userIds: Iterable<Guid>,
  snapshot: TenantSnapshot,
  country: string | null,
): readonly Cohort[] {
  const alike = new Map<string, LicensedUser[]>();
  for (const userId of userIds) {
    const user = snapshot.users.get(userId);
    if (user === undefined) continue;
    const key = patternOf(user, snapshot);
    const others = alike.get(key) ?? [];
    alike.set(key, others);
    others.push(user);
  }
  return [...alike.values()].map((users) => cohort(group, users, snapshot, country));
}

function cohort(
  group: ChangedGroup,
  users: readonly LicensedUser[],
  snapshot: TenantSnapshot,
  country: string | null,
): Cohort {
  const [like] = users;
  if (like === undefined) throw new Error("a cohort has somebody in it");
  const plansNow = effectivePlans(like, snapshot.catalog);
  const given = snapshot.declared
    .filter(({ groupId }) => snapshot.members.get(groupId)?.has(like.id) === true)
    .flatMap(({ licenses }) => licenses.flatMap((license) => [...snapshot.catalog.enabledPlans(license)]));
  return {
    group,
    like,
    userIds: users.map(({ id }) => id).sort(),
    seats: seatsOf(like),
    plansNow,
    plansGiven: new Set(given),
    plansThen: new Set([...plansNow, ...given]),
    location: like.usageLocation ?? country,
  };
}

/** Graph merges what is in force into `assignedLicenses`: one seat a SKU, whatever the sources. */
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
