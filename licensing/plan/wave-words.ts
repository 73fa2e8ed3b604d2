import type { Catalog } from "../catalog/catalog";
import { counted, countByName, thousands, total, formatCounts } from "../counts";
import { BY_ASSIGN_LICENSE } from "../decision/remedy";
import { grouped } from "../grouped";
import type { Guid } from "../model";
import { formatTime } from "../moment-words";
import { BY_ID, usersShown, type People } from "../people";
import { formatGain, formatSuccessions } from "./gain-words";
import { formatGroupMoves } from "./group-move-words";
import { formatHold } from "./hold-words";
import type { WavePlan } from "./plan";

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

/** One line for each group of users that a rollback leaves out; empty if there are none. */
export function leftOutLines({ disabled, departed, unrestored }: WavePlan, people: People = BY_ID): readonly string[] {
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
    ...[...grouped(unrestored, ({ why }) => why)].map(([why, same]) => {
      const ids = [...new Set(same.map(({ userId }) => userId))].sort();
      return `${counted(ids.length, "user")} could not get it back: ${why ?? "see the row of the run that tried"} (${usersShown(ids, people)})`;
    }),
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
