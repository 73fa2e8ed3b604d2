import { pairsIn, type PackedPairs } from "./compact-ids";

/** Licences that an earlier rollback could not put back, by `user SKU`. */
export type Unrestored = ReadonlyMap<string, NotRestored>;

export interface NotRestored {
  /** Digest of the circumstances at that time. */
  readonly circumstances: string;
  /** Why, with the remedy; `null` in states of earlier versions. */
  readonly why: string | null;
}

/** @throws DamagedRecord if a list of ids is incomplete */
export function unrestoredIn(
  byCircumstances: Readonly<Record<string, PackedPairs>>,
  byWhy: Readonly<Record<string, PackedPairs>>,
): Unrestored {
  const whys = wordsByKey(byWhy);
  return new Map(
    [...wordsByKey(byCircumstances)].map(([key, circumstances]) => [
      key,
      { circumstances, why: whys.get(key) ?? null },
    ]),
  );
}

function wordsByKey(packed: Readonly<Record<string, PackedPairs>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(packed).flatMap(([word, pairs]) =>
      pairsIn(pairs).map(({ userId, skuId }) => [`${userId} ${skuId}`, word] as const),
    ),
  );
}
