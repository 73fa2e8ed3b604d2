import { grouped } from "../grouped";
import type { Guid } from "../model";
import { packPositions, unpackPositions } from "./positions";

/** Users by a key, such as a SKU, as positions in a list stored beside it; see `packPositions`. */
export type UsersByWord = Readonly<Record<string, string>>;

/** @param places position of each user in that list */
export function packByWord<T extends { readonly userId: Guid }>(
  things: readonly T[],
  wordOf: (thing: T) => string,
  places: ReadonlyMap<Guid, number>,
): UsersByWord {
  const packed = [...grouped(things, wordOf)].map(([word, mine]) => {
    const found = new Set(mine.flatMap(({ userId }) => places.get(userId) ?? []));
    return [word, packPositions([...found].sort(byNumber), places.size)] as const;
  });
  return Object.fromEntries(packed.sort(([a], [b]) => a.localeCompare(b)));
}

/** @throws DamagedRecord if the positions do not fit the list */
export function unpackByWord(
  packed: UsersByWord,
  users: readonly Guid[],
): readonly { readonly word: string; readonly userId: Guid }[] {
  return Object.entries(packed).flatMap(([word, places]) =>
    unpackPositions(places, users.length).flatMap((place) => {
      const userId = users[place];
      return userId === undefined ? [] : [{ word, userId }];
    }),
  );
}

function byNumber(a: number, b: number): number {
  return a - b;
}
