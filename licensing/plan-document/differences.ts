import type { PlanDocument } from "./schema";
import type { Guid } from "../model";
import { counted } from "../counts";

type Wave = PlanDocument["waves"][number];
type Group = PlanDocument["groups"][number];

/** Number of users named; the plan lists all of them. */
const NAMED = 5;

/**
 * What the present plan would do differently from the reviewed one, as text lines; empty if both do the same. The
 * time of planning and figures without effect (seats, earlier moves) are ignored.
 */
export function planDifferences(reviewed: PlanDocument, now: PlanDocument): readonly string[] {
  if (reviewed.stack !== now.stack)
    return [`the reviewed plan is of stack ${reviewed.stack}, and this is ${now.stack}`];
  if (reviewed.tenant !== now.tenant) {
    return [`the reviewed plan is for ${reviewed.tenant ?? "no tenant"}, and this is ${now.tenant ?? "no tenant"}`];
  }
  return [
    ...refusalDifferences(reviewed, now),
    ...named(reviewed.groups, now.groups).flatMap(([name, before, after]) => groupDifferences(name, before, after)),
    ...named(reviewed.waves, now.waves).flatMap(([name, before, after]) => [
      ...waveDifferences(name, before, after),
      ...blockedDifferences(name, reviewed, now),
    ]),
    ...lossDifferences(reviewed, now),
    ...successorDifferences(reviewed, now),
  ];
}

function refusalDifferences(reviewed: PlanDocument, now: PlanDocument): readonly string[] {
  const known = new Set(reviewed.refusals.map(({ about, message }) => `${about}: ${message}`));
  return now.refusals
    .map(({ about, message }) => `${about}: ${message}`)
    .filter((words) => !known.has(words))
    .map((words) => `it is refused now: ${words}`);
}

function groupDifferences(name: string, before: Group | undefined, after: Group | undefined): readonly string[] {
  if (before === undefined) return [`group ${name} is new`];
  if (after === undefined) return [`group ${name} is gone`];
  const was = changesOf(before);
  const is = changesOf(after);
  return [
    ...(before.id === after.id
      ? []
      : [`group ${name} is another group: ${before.displayName}, now ${after.displayName}`]),
    ...(was === is ? [] : [`group ${name}: the plan was to ${was}, and now is to ${is}`]),
  ];
}

function changesOf({ gives, takenOff, readsBack, members }: Group): string {
  const changes = gives.flatMap(({ sku, disabledPlans, change }) => {
    const without = disabledPlans.length === 0 ? "" : ` without ${[...disabledPlans].sort().join(", ")}`;
    if (change === null) return [];
    return [
      `${change === "assign" ? "assign" : "change the plans of"} ${sku}${without} for ${counted(members, "member")}`,
    ];
  });
  const all = [
    ...changes,
    ...takenOff.map(({ sku, inOneCall }) => `take ${sku} off it${inOneCall ? " in the same call" : ""}`),
    ...readsBack.map((sku) => `read back who had ${sku}`),
  ];
  return all.length === 0 ? "change nothing" : all.sort().join(" and ");
}

function waveDifferences(name: string, before: Wave | undefined, after: Wave | undefined): readonly string[] {
  if (before === undefined) return [`wave ${name} is new`];
  if (after === undefined) return [`wave ${name} is gone`];
  const was = assignmentsOf(before);
  const is = assignmentsOf(after);
  const verb = after.mode === "restore" ? "put back" : "removed";
  return [
    ...(swapsOf(before) === swapsOf(after)
      ? []
      : [`wave ${name}: the plan was to ${swapsOf(before)}, and now is to ${swapsOf(after)}`]),
    ...(stateOf(before) === stateOf(after)
      ? []
      : [`wave ${name} ${stateOf(before)} in the plan, and now ${stateOf(after)}`]),
    ...listed(usersOnlyIn(is, was), (users) => `wave ${name}: ${users} not in the plan would be ${verb}`),
    ...listed(usersOnlyIn(was, is), (users) => `wave ${name}: ${users} in the plan would not be ${verb} any more`),
  ];
}

/** What the calls of the wave do besides removing, or besides putting back. */
function swapsOf({ swaps, takesBack }: Wave): string {
  const swapped = Object.entries(swaps).map(([words, users]) => `swap ${words} for ${counted(users, "user")}`);
  const back = Object.entries(takesBack).map(([sku, users]) => `take back ${sku} from ${counted(users, "user")}`);
  const all = [...swapped, ...back].sort();
  return all.length === 0 ? "swap nothing" : all.join(" and ");
}

function stateOf({ state, mode, hold }: Wave): string {
  if (state === "waits") return `waits (${hold ?? "no reason given"})`;
  if (state === "done") return "is done";
  if (state === "refused") return "is refused";
  return mode === "restore" ? "is rolled back" : "runs";
}

/** The user of each assignment, keyed by user, SKU and disabled plans. */
function assignmentsOf({ assignments }: Wave): ReadonlyMap<string, Guid> {
  return new Map(
    assignments.flatMap(({ sku, disabledPlans, userIds }) =>
      userIds.map((userId) => [`${userId} ${sku} ${[...disabledPlans].sort().join(" ")}`, userId] as const),
    ),
  );
}

function blockedDifferences(wave: string, reviewed: PlanDocument, now: PlanDocument): readonly string[] {
  const was = blockedIn(wave, reviewed);
  const is = blockedIn(wave, now);
  return [
    ...listed(usersOnlyIn(is, was), (users) => `wave ${wave}: blocked now, and not in the plan: ${users}`),
    ...listed(usersOnlyIn(was, is), (users) => `wave ${wave}: blocked in the plan, and not any more: ${users}`),
  ];
}

function blockedIn(wave: string, { blocked }: PlanDocument): ReadonlyMap<string, Guid> {
  return new Map(
    blocked.assignments
      .filter((each) => each.wave === wave)
      .map(({ userId, reason }) => {
        const why = blocked.reasons[reason];
        return [`${userId} ${why?.sku ?? ""} ${why?.words ?? ""}`, userId] as const;
      }),
  );
}

function lossDifferences(reviewed: PlanDocument, now: PlanDocument): readonly string[] {
  const words = ({ group, plan, users }: PlanDocument["acceptedLosses"][number]) =>
    `${counted(users, "member")} of ${group} lose ${plan}`;
  const agreed = new Set(reviewed.acceptedLosses.map(words));
  return now.acceptedLosses
    .map(words)
    .filter((each) => !agreed.has(each))
    .map((each) => `an accepted loss reaches other people than in the plan: ${each}`);
}

function successorDifferences(reviewed: PlanDocument, now: PlanDocument): readonly string[] {
  const words = ({ plan, by, users }: PlanDocument["acceptedSuccessors"][number]) =>
    `${counted(users, "user")} keep ${plan} as ${by}`;
  const agreed = new Set(reviewed.acceptedSuccessors.map(words));
  return now.acceptedSuccessors
    .map(words)
    .filter((each) => !agreed.has(each))
    .map((each) => `an accepted successor reaches other people than in the plan: ${each}`);
}

function usersOnlyIn(here: ReadonlyMap<string, Guid>, there: ReadonlyMap<string, Guid>): readonly Guid[] {
  return [...new Set([...here].filter(([key]) => !there.has(key)).map(([, userId]) => userId))].sort();
}

function listed(users: readonly Guid[], words: (users: string) => string): readonly string[] {
  if (users.length === 0) return [];
  const more = users.length > NAMED ? `, and ${users.length - NAMED} more` : "";
  return [words(`${counted(users.length, "user")} (${users.slice(0, NAMED).join(", ")}${more})`)];
}

/** The items of both lists, paired by name, in the order of the second list. */
function named<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
): readonly (readonly [string, T | undefined, T | undefined])[] {
  const names = new Set([...after, ...before].map(({ name }) => name));
  const of = (list: readonly T[], name: string) => list.find((each) => each.name === name);
  return [...names].map((name) => [name, of(before, name), of(after, name)] as const);
}
