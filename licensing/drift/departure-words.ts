import { dayOf, type DepartureCause, type GroupDepartures } from "./departures";
import type { DepartureLimit } from "../stack-file/stack-file";
import { formatDeletion } from "./group-notes";
import type { Guid } from "../model";
import { usersShown, type People } from "../people";
import { counted, thousands } from "../counts";

/** How departures are described: the limit, the audit log's findings by group, and the user names. */
export interface DepartureTelling {
  readonly limit: DepartureLimit;
  readonly nowMs: number;
  /** The audit log's text by group; absent: nothing found. */
  readonly audit: ReadonlyMap<Guid, string>;
  readonly people?: People | undefined;
}

/** One group in a line: users that left, out of how many, since when, and the cause. */
export function departureLine(
  { group, recorded, userIds, firstDay, lastDay, cause }: GroupDepartures,
  { limit, audit, people }: DepartureTelling,
): string {
  const days = firstDay === lastDay ? `on ${firstDay}` : `from ${firstDay} to ${lastDay}`;
  const since = limit.acknowledged === null ? "" : `, not counting those up to ${limit.acknowledged}`;
  const said = audit.get(group.groupId);
  return (
    `${thousands(userIds.length)} of ${counted(recorded, "moved user")} of ${group.displayName} (licensing:groups.${group.name}) ` +
    `are no longer in it, and their licence ended with that: first seen ${days}${since}. ${formatCause(cause)}` +
    `${said === undefined ? "" : ` ${said}`} (${usersShown(userIds, people)})`
  );
}

/** Refuses further waves, with the ways out; `null` while every group is within the limit. */
export function departureRefusal(departures: readonly GroupDepartures[], telling: DepartureTelling): string | null {
  const exceeding = departures.filter(({ exceeds }) => exceeds);
  if (exceeding.length === 0) return null;
  const lines = exceeding.map((each) => departureLine(each, telling)).join(" ");
  return (
    `${lines} That is more than licensing:departures allows (limit: ${formatShare(telling.limit.share)}), so nothing more is removed. ` +
    `Ways out: ${formatUndo(exceeding)}; or give them their direct licences again with rollback: all on their wave; ` +
    `or, where they were to leave, write licensing:departures: {acknowledged: ${dayOf(telling.nowMs)}}, which accepts departures ` +
    "that were first seen up to the end of that day (UTC)."
  );
}

/** The refusal as a warning, unless a wave shows it already: the text is long, so it is shown once. */
export function departureWarning({
  departureRefusal: text,
  waves,
}: {
  readonly departureRefusal: string | null;
  readonly waves: readonly { readonly refusal: string | null }[];
}): string | null {
  return waves.some(({ refusal }) => refusal === text) ? null : text;
}

/** A user cannot be put back into a deleted group, so the group must be restored first. */
function formatUndo(departures: readonly GroupDepartures[]): string {
  const ways = new Set(departures.map(({ cause }) => (cause.kind === "deleted" ? "restore" : "undo")));
  return [
    ...(ways.has("restore") ? ["restore the deleted group and give it its licences again"] : []),
    ...(ways.has("undo") ? ["undo the change to the group, or put the users back into it"] : []),
  ].join("; ");
}

function formatCause(cause: DepartureCause): string {
  switch (cause.kind) {
    case "deleted":
      return `The group ${formatDeletion(cause.deletion)}.`;
    case "rule":
      return `Its membership rule was changed: it was ${formatRule(cause.before)} and is ${formatRule(cause.now)}.`;
    case "emptied":
      return "The group has no members any more.";
    case "members":
      return cause.isDynamic
        ? "Its membership rule is as it was: properties of these users changed."
        : "Its members were changed.";
  }
}

function formatRule(rule: string | null): string {
  return rule === null ? "none (a static group)" : `'${rule}'`;
}

function formatShare(share: number): string {
  return `${Math.round(share * 10_000) / 100} %`;
}
