import type { Catalog } from "../catalog/catalog";
import { counted, countByName } from "../counts";
import type { Names } from "../decision/block-names";
import type { Blocked } from "../decision/block-reason";
import { formatBlockReason } from "../decision/block-words";
import { remedyOf } from "../decision/remedy";
import type { Guid } from "../model";
import { BY_ID, firstOf, usersShown, type People } from "../people";
import { asSentence } from "../sentence";

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
