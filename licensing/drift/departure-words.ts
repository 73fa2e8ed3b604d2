import { dayOf, type DepartureCause, type GroupDepartures } from "./departures";
import type { DepartureLimit } from "../stack-file/stack-file";
import { deletionWords } from "./group-notes";
import type { Guid } from "../model";
import { usersShown, type People } from "../people";
import { counted, thousands } from "../tally";

/** How departures are told: what the audit log says of each group, and how users are named. */
export interface DepartureTelling {
  readonly limit: DepartureLimit;
  readonly nowMs: number;
  /** By group: what the audit log tells; absent: nothing. */
  readonly audit: ReadonlyMap<Guid, string>;
  readonly people?: People | undefined;
}

/** One group in a line: how many left it of how many, since when, and what changed. */
export function departureLine(
  { group, recorded, userIds, firstDay, lastDay, cause }: GroupDepartures,
  { limit, audit, people }: DepartureTelling,
): string {
  const days = firstDay === lastDay ? `on ${firstDay}` : `from ${firstDay} to ${lastDay}`;
  const since = limit.acknowledged === null ? "" : `, not counting those up to ${limit.acknowledged}`;
  const said = audit.get(group.groupId);
  return (
    `${thousands(userIds.length)} of ${counted(recorded, "moved user")} of ${group.displayName} (licensing:groups.${group.name}) ` +
    `are no longer in it, and their licence ended with that: first seen ${days}${since}. ${causeWords(cause)}` +
    `${said === undefined ? "" : ` ${said}`} (${usersShown(userIds, people)})`
  );
}

/** Why no further wave runs, with the ways out; `null` while no group lost more than the limit allows. */
export function departureRefusal(departures: readonly GroupDepartures[], telling: DepartureTelling): string | null {
  const exceeding = departures.filter(({ exceeds }) => exceeds);
  if (exceeding.length === 0) return null;
  const lines = exceeding.map((each) => departureLine(each, telling)).join(" ");
  return (
    `${lines} That is more than licensing:departures allows (limit: ${shareWords(telling.limit.share)}), so nothing more is removed. ` +
    `Ways out: ${undoWords(exceeding)}; or give them their direct licences again with rollback: all on their wave; ` +
    `or, where they were to leave, write licensing:departures: {acknowledged: ${dayOf(telling.nowMs)}}, which accepts departures ` +
    "that were first seen up to the end of that day (UTC)."
  );
}

/** The same where no wave says it: a text of this length is shown once. */
export function departureWarning({
  departureRefusal: text,
  waves,
}: {
  readonly departureRefusal: string | null;
  readonly waves: readonly { readonly refusal: string | null }[];
}): string | null {
  return waves.some(({ refusal }) => refusal === text) ? null : text;
}

/** Nobody can be put back into a group that is not there. */
function undoWords(departures: readonly GroupDepartures[]): string {
  const ways = new Set(departures.map(({ cause }) => (cause.kind === "deleted" ? "restore" : "undo")));
  return [
    ...(ways.has("restore") ? ["restore the deleted group and give it its licences again"] : []),
    ...(ways.has("undo") ? ["undo the change to the group, or put the users back into it"] : []),
  ].join("; ");
}

function causeWords(cause: DepartureCause): string {
  switch (cause.kind) {
    case "deleted":
      return `The group ${deletionWords(cause.deletion)}.`;
    case "rule":
      return `Its membership rule was changed: it was ${ruleWords(cause.before)} and is ${ruleWords(cause.now)}.`;
    case "emptied":
      return "The group has no members any more.";
    case "members":
      return cause.isDynamic
        ? "Its membership rule is as it was: properties of these users changed."
        : "Its members were changed.";
  }
}

function ruleWords(rule: string | null): string {
  return rule === null ? "none (a static group)" : `'${rule}'`;
}

function shareWords(share: number): string {
  return `${Math.round(share * 10_000) / 100} %`;
}
