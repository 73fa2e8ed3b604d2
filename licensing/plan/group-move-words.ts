import type { Catalog } from "../catalog/catalog";
import { counted, thousands } from "../counts";
import { formatMoveBlock } from "../decision/move-block";
import { grouped } from "../grouped";
import { BY_ID, usersShown, type People } from "../people";
import type { WaveMove } from "./group-move";
import { formatMove } from "./plan-group-moves";

/** `move 6 users E3 users → E5 users, with 6 of 10 free seats of SPE_E5 at the peak; 2 users stay`, for each move. */
export function formatGroupMoves(
  moves: readonly WaveMove[],
  mode: "remove" | "restore",
  catalog: Catalog,
): readonly string[] {
  return moves.flatMap(({ move, seats, slices }) => {
    const users = slices.reduce((sum, slice) => sum + slice.users.length, 0);
    const stay = slices.reduce((sum, slice) => sum + slice.blocked.length, 0);
    const unread = slices.reduce((sum, slice) => sum + slice.unread.length, 0);
    const peak = seats.map(
      ({ skuId, needed, free }) => `${thousands(needed)} of ${thousands(free)} free seats of ${catalog.skuName(skuId)}`,
    );
    const way = mode === "restore" ? formatMove({ ...move, from: move.to, to: move.from }) : formatMove(move);
    return [
      ...(users === 0
        ? []
        : [
            `move ${counted(users, "user")}${mode === "restore" ? " back" : ""} ${way}${
              peak.length === 0 ? "" : `, with ${peak.join(" and ")} at the peak`
            }`,
          ]),
      ...(stay === 0 ? [] : [`${counted(stay, "user stays", "users stay")} in ${move.from.displayName}`]),
      ...(unread === 0 ? [] : [`read back ${counted(unread, "user")} that an earlier run moved`]),
    ];
  });
}

/** One line for each reason: `2 users stay in E3 users: no seat of SPE_E5 is free: buy or free one (…)`. */
export function moveBlockLines(
  moves: readonly WaveMove[],
  catalog: Catalog,
  people: People = BY_ID,
): readonly string[] {
  return moves.flatMap(({ move, slices }) => {
    const blocked = slices.flatMap((slice) => slice.blocked);
    const alike = grouped(blocked, ({ reason }) => formatMoveBlock(reason, move.to.displayName, catalog));
    return [...alike].map(([why, mine]) => {
      const userIds = mine.map(({ userId }) => userId);
      const who = counted(userIds.length, "user stays", "users stay");
      return `${who} in ${move.from.displayName}: ${why} (${usersShown(userIds, people)})`;
    });
  });
}
