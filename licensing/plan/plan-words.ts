import {
  BY_ASSIGN_LICENSE,
  remedyOf,
  formatBlockReason,
  type Names,
  type Blocked,
  type Memberships,
} from "../decision/block-reason";
import type { Catalog } from "../catalog/catalog";
import { nextEdition } from "../catalog/next-edition";
import type { DeclaredGroup } from "../declaration";
import { unionOfPlans } from "../effective-plans";
import { grouped } from "../grouped";
import type { Hold } from "./hold";
import type { Guid, License, LicensedGroup } from "../model";
import { formatTime } from "../moment-words";
import { formatGroupMoves } from "./group-move-words";
import { interrupted, type GroupPlan } from "./group-plan";
import type { WavePlan } from "./plan";
import type { TenantSnapshot } from "../snapshot";
import { isUnmade } from "../stack-file/own-group";
import { BY_ID, firstOf, usersShown, type People } from "../people";
import { asSentence } from "../sentence";
import { counted, countByName, thousands, total, formatCounts, type CountsByName } from "../counts";
import { formatLicenses } from "../license-patterns";
import { formatDuration } from "../duration";

type NamedParts = Pick<TenantSnapshot, "declared" | "catalog"> & {
  readonly groups?: ReadonlyMap<Guid, Pick<LicensedGroup, "membershipRule">>;
};

/** Names of groups, SKUs and plans as one run knows them. */
export function namesOf(snapshot: NamedParts, memberships: Memberships = new Map()): Names {
  const groups = new Map(snapshot.declared.map((group) => [group.groupId, group.displayName]));
  const { catalog } = snapshot;
  const given = unionOfPlans(
    snapshot.declared.flatMap(({ licenses }) => licenses),
    catalog,
  );
  const editions = [...given].map((id) => catalog.planName(id));
  return {
    group: (id) => groups.get(id) ?? id,
    plan: (id) => catalog.planName(id),
    inText: (text) => catalog.withNames(text),
    sku: (id) => catalog.skuName(id),
    nextEdition: (id) => nextEdition(catalog.planName(id), editions),
    membership: (id) =>
      memberships.get(id) ?? ((snapshot.groups?.get(id)?.membershipRule ?? null) === null ? "assigned" : "rule"),
  };
}

/**
 * What happens to a group: `assign EMS to 1,000 members`, or
 * `gives EMS to 1,000 members; take VISIOCLIENT off the group`.
 */
export function formatGroup(group: GroupPlan, catalog: Catalog): string {
  if (group.declared.deleted !== undefined) return "was deleted: gives nothing";
  const assigned = formatAssigned(group, catalog);
  const what =
    assigned.length === 0 ? `gives ${formatLicenses(group.declared.licenses, catalog)}` : assigned.join(", ");
  return [
    `${what} to ${formatMembers(group)}`,
    ...formatReplaced(group.declared, catalog),
    ...formatTakenOff(group, catalog),
    ...formatInterrupted(group, catalog),
    ...formatSuccessions(group.successions),
  ].join("; ");
}

/** `SPE_E5 replaces ENTERPRISEPACK and EMS`. */
function formatReplaced({ replaces = [] }: DeclaredGroup, catalog: Catalog): readonly string[] {
  return [...grouped(replaces, ({ by }) => by)].map(
    ([by, all]) => `${catalog.skuName(by)} replaces ${all.map(({ skuId }) => catalog.skuName(skuId)).join(" and ")}`,
  );
}

/** Names the members that prevent the group's release, and the ways out; `null`: there are none. */
export function formatDependents(
  { declared, dependentsLater }: GroupPlan,
  catalog: Catalog,
  people: People = BY_ID,
): string | null {
  const { users, first, plans } = dependentsLater;
  if (users === 0) return null;
  const names = [...new Set(plans.map(({ planId }) => catalog.planName(planId)))].sort();
  const shown =
    names.length > SHOWN_PLANS ? [...names.slice(0, SHOWN_PLANS), `${names.length - SHOWN_PLANS} more`] : names;
  // All entries, so that an administrator can copy them into the stack file.
  const entries = plans.map(
    ({ group, skuId, planId }) =>
      `{group: ${group}, sku: ${catalog.skuName(skuId)}, plan: ${catalog.planName(planId)}}`,
  );
  const more = users > first.length ? ` and ${thousands(users - first.length)} more` : "";
  return (
    `${counted(users, "member depends", "members depend")} on ${declared.displayName} for ${shown.join(", ")}: ` +
    `${first.map(people).join(", ")}${more}. The rollback needs nothing more. While members depend on the group, pulumi destroy is ` +
    `refused: before that, give them these plans directly, or let the plans go by licensing:acceptLoss: [${entries.join(", ")}].`
  );
}

function formatMembers({ declared, members, joining }: GroupPlan): string {
  if (joining === null && isUnmade(declared.groupId)) return "its future members";
  const joiners = joining?.userIds.size ?? 0;
  return `${counted(members + joiners, "member")}${joiners === 0 ? "" : `, ${thousands(joiners)} of them new`}`;
}

/** The changes to a group: `assign EMS`; empty if it gives the declared licences. */
export function formatChange(group: GroupPlan, catalog: Catalog): readonly string[] {
  return [...formatAssigned(group, catalog), ...formatTakenOff(group, catalog)];
}

function formatTakenOff({ takenOff, later }: GroupPlan, catalog: Catalog): readonly string[] {
  const isLater = ({ skuId }: License) => later.some((each) => each.skuId === skuId);
  const now = takenOff.filter((license) => !isLater(license));
  return [
    ...(now.length === 0 ? [] : [`take ${formatLicenses(now, catalog)} off the group`]),
    ...(later.length === 0
      ? []
      : [`then take ${formatLicenses(later, catalog)} off the group, when every member is verified`]),
  ];
}

function formatInterrupted(group: GroupPlan, catalog: Catalog): readonly string[] {
  const skus = interrupted(group).map(({ skuId }) => catalog.skuName(skuId));
  if (skus.length === 0) return [];
  return [
    `read every member back: a run was interrupted after it began to take ${skus.sort().join(", ")} off the group`,
  ];
}

function formatAssigned(group: GroupPlan, catalog: Catalog): readonly string[] {
  return group.changes.map(({ kind, license }) =>
    kind === "add"
      ? `assign ${formatLicenses([license], catalog)}`
      : `change the service plans of ${formatLicenses([license], catalog)}`,
  );
}

/** `remove 30 direct assignments from 25 users: 25 EMS, 5 ENTERPRISEPACK; 3 users gain TEAMS1; 2 users blocked`. */
export function formatWave(wave: WavePlan, catalog: Catalog, predicted: boolean): string {
  if (wave.mode === "restore") return formatRestore(wave, catalog);
  const removals = wave.slices.flatMap((slice) => slice.removals);
  const blocked = new Set(wave.slices.flatMap((slice) => slice.blocked.map(({ userId }) => userId)));
  const bySku = countByName(removals.map(({ skuId }) => catalog.skuName(skuId)));
  const users = new Set(removals.map(({ userId }) => userId)).size;
  const moves = formatGroupMoves(wave.moves, "remove", catalog);
  const parts = [
    ...(wave.doneAtMs === null || removals.length + moves.length > 0 ? [] : [`done ${formatTime(wave.doneAtMs)}`]),
    ...(removals.length > 0
      ? [`remove ${counted(total(bySku), "direct assignment")} from ${counted(users, "user")}: ${formatCounts(bySku)}`]
      : moves.length === 0
        ? ["nothing to remove"]
        : []),
    ...moves,
    ...formatGain(wave.gains),
    ...formatSuccessions(wave.successions),
    ...Object.entries(wave.swaps).map(
      ([words, users]) => `${counted(users, "user swaps", "users swap")} ${words} in one call`,
    ),
    ...(blocked.size === 0 ? [] : [`${counted(blocked.size, "user")} blocked${formatInPart(blocked, removals)}`]),
    ...formatSeat(wave, blocked.size),
    ...(wave.shortfall === null ? [] : [wave.shortfall]),
    ...(wave.hold === null ? [] : [formatHold(wave.hold)]),
  ];
  return `${predicted && removals.length + moves.length + blocked.size > 0 ? "(predicted) " : ""}${parts.join("; ")}`;
}

/** ` (1 moves in part)`: the blocked users that also have a removal. */
function formatInPart(blocked: ReadonlySet<Guid>, removals: readonly { readonly userId: Guid }[]): string {
  const inPart = new Set(removals.map(({ userId }) => userId).filter((userId) => blocked.has(userId))).size;
  return inPart === 0 ? "" : ` (${thousands(inPart)} ${inPart === 1 ? "moves" : "move"} in part)`;
}

/** `up to 3 more blocked if they get no seat`. */
function formatSeat({ mayLackSeat }: WavePlan, blocked: number): readonly string[] {
  if (mayLackSeat === 0) return [];
  const upTo = blocked === 0 ? `up to ${counted(mayLackSeat, "user")}` : `up to ${thousands(mayLackSeat)} more`;
  return [`${upTo} blocked if there is no seat for them`];
}

/** Plans that users gain from the groups, with the number of users. */
function formatGain(gains: CountsByName): readonly string[] {
  const plans = Object.entries(gains).map(([plan, users]) => `${counted(users, "user gains", "users gain")} ${plan}`);
  if (plans.length === 0) return [];
  const more = plans.length > SHOWN_PLANS ? [`and ${counted(plans.length - SHOWN_PLANS, "more plan")}`] : [];
  return [[...plans.slice(0, SHOWN_PLANS), ...more].join(", ")];
}

/** Plans that users keep only as their successors, with the number of users. */
function formatSuccessions(successions: CountsByName): readonly string[] {
  const each = Object.entries(successions).map(
    ([words, users]) => `${counted(users, "user has", "users have")} ${words}`,
  );
  if (each.length === 0) return [];
  const more = each.length > SHOWN_PLANS ? [`and ${counted(each.length - SHOWN_PLANS, "more successor")}`] : [];
  return [[...each.slice(0, SHOWN_PLANS), ...more].join(", ")];
}

/** One line for each group of users that a rollback leaves out; empty if there are none. */
export function leftOutLines({ disabled, departed }: WavePlan, people: People = BY_ID): readonly string[] {
  const accounts = counted(disabled.length, "disabled account gets", "disabled accounts get");
  const users = counted(departed.length, "user that left the group gets", "users that left their group get");
  return [
    ...(disabled.length === 0
      ? []
      : [
          `${accounts} nothing back: enable them first, or assign theirs ${BY_ASSIGN_LICENSE}: ${usersShown(disabled, people)}`,
        ]),
    ...(departed.length === 0
      ? []
      : [
          `${users} nothing back: rollback: all puts theirs back, too, if they are still in the tenant (${usersShown(departed, people)})`,
        ]),
  ];
}

function formatRestore(wave: WavePlan, catalog: Catalog): string {
  const restores = wave.slices.flatMap((slice) => slice.restores);
  const left = new Set(wave.unrestored.map(({ userId }) => userId)).size;
  const not =
    left === 0 ? "" : `; ${counted(left, "user")} could not get theirs back, and nothing has changed for them`;
  const moves = formatGroupMoves(wave.moves, "restore", catalog)
    .map((each) => `; ${each}`)
    .join("");
  if (restores.length === 0) {
    return moves === "" ? `rolled back: nothing to put back${not}` : `roll back${moves.replace(/^;/, ":")}${not}`;
  }
  const takenBack = countByName(
    wave.slices.flatMap((slice) => slice.takesBack).map(({ skuId }) => catalog.skuName(skuId)),
  );
  const swapped =
    total(takenBack) === 0 ? "" : `, in one call with the end of what a swap had added (${formatCounts(takenBack)})`;
  const bySku = countByName(restores.map(({ license }) => catalog.skuName(license.skuId)));
  const users = new Set(restores.map(({ userId }) => userId)).size;
  return `roll back: put back ${counted(total(bySku), "direct assignment")} to ${counted(users, "user")}: ${formatCounts(bySku)}${swapped}${moves}${not}`;
}

/** `not now: after canary is done its soak of 24 hours starts`. */
export function formatHold(hold: Hold): string {
  switch (hold.kind) {
    case "beyond-apply-through":
      return hold.applyThrough === null
        ? "not now: licensing:applyThrough is not set"
        : `not now: licensing:applyThrough is ${hold.applyThrough}`;
    case "soak":
      return hold.untilMs === null
        ? `not now: waits ${formatDuration(hold.soakMs)} from the moment that ${hold.after} is done`
        : `not now: soaks until ${new Date(hold.untilMs).toISOString()} after ${hold.after}`;
    case "unproven":
      return `not now: ${hold.after} is not done: ${hold.why}`;
    case "order":
      return `not now: ${hold.after} comes first`;
    case "rollback":
      return `not now: ${hold.after} is being rolled back`;
    case "debts":
      return `not now: ${counted(hold.users, "user gets", "users get")} back first what they are owed; run pulumi up again then`;
    case "group-deleted":
      return `not now: the group ${hold.group} was deleted, see its row`;
    case "members-unknown":
      return `not now: the users that the rule of ${hold.group} takes are known when Entra has evaluated it; run pulumi up again then`;
  }
}

/** One line for each reason: number of users, reason, remedy, first users. */
export function blockedLines(
  blocked: readonly Blocked[],
  names: Names,
  catalog: Catalog,
  people: People = BY_ID,
): readonly string[] {
  return [...byReason(blocked, names, catalog)].map(
    ([what, { first, userIds }]) =>
      `${counted(userIds.size, "user")} blocked, ${asSentence(what)} ${remedyOf(first.reason, names)} (${usersShown(userIds, people)})`,
  );
}

/** The users that these lines name, so that only their names have to be read. */
export function shownInBlockedLines(blocked: readonly Blocked[], names: Names, catalog: Catalog): ReadonlySet<Guid> {
  return new Set([...byReason(blocked, names, catalog).values()].flatMap(({ userIds }) => firstOf(userIds)));
}

interface BlockedAlike {
  readonly first: Blocked;
  readonly userIds: Set<Guid>;
}

function byReason(blocked: readonly Blocked[], names: Names, catalog: Catalog): ReadonlyMap<string, BlockedAlike> {
  const alike = new Map<string, BlockedAlike>();
  for (const each of blocked) {
    const what = `${catalog.skuName(each.skuId)}: ${formatBlockReason(each.reason, names)}`;
    const same = alike.get(what) ?? { first: each, userIds: new Set() };
    same.userIds.add(each.userId);
    alike.set(what, same);
  }
  return alike;
}

/** Blocked assignments by reason, for outputs. */
export function blockedTally(blocked: readonly Blocked[], names: Names): ReturnType<typeof countByName> {
  return countByName(blocked.map(({ reason }) => formatBlockReason(reason, names)));
}

const SHOWN_PLANS = 5;
