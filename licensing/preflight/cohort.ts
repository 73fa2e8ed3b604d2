import { effectivePlans } from "../effective-plans";
import type { GroupPlan } from "../group-plan";
import type { Guid, LicensedUser } from "../model";
import type { TenantSnapshot } from "../snapshot";

/** What the checks know of a group: the part of its plan that they look at. */
export type GroupState = Pick<GroupPlan, "declared" | "now" | "changes" | "nested" | "problems"> &
  Partial<Pick<GroupPlan, "joining">>;

/**
 * Members of one group whose licence is going to change, who hold the same licences from the same sources in the same place:
 * what holds of one holds of all, so that a tenant of 100,000 people is judged by its few hundred patterns.
 */
export interface Cohort {
  readonly group: GroupState;
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

/** The members whom this run will reach: those of groups whose licences it changes. */
export function cohortsOf(
  groups: readonly GroupState[],
  snapshot: TenantSnapshot,
  country: string | null,
): readonly Cohort[] {
  return groups
    .filter(({ changes }) => changes.length > 0)
    .flatMap((group) => {
      const alike = new Map<string, LicensedUser[]>();
      for (const userId of snapshot.members.get(group.declared.groupId) ?? []) {
        const user = snapshot.users.get(userId);
        if (user === undefined) continue;
        const key = patternOf(user, snapshot);
        const others = alike.get(key) ?? [];
        alike.set(key, others);
        others.push(user);
      }
      return [...alike.values()].map((users) => cohort(group, users, snapshot, country));
    });
}

function cohort(
  group: GroupState,
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
