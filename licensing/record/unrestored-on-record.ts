import { pairsIn, type PackedPairs } from "./compact-ids";

/**
 * Licences that an earlier rollback could not put back: digest of the circumstances at that time, by `user SKU`.
 */
export type Unrestored = ReadonlyMap<string, string>;

/** @throws DamagedRecord if a list of ids is incomplete */
export function unrestoredIn(packed: Readonly<Record<string, PackedPairs>>): Unrestored {
  return new Map(
    Object.entries(packed).flatMap(([circumstances, pairs]) =>
      pairsIn(pairs).map(({ userId, skuId }) => [`${userId} ${skuId}`, circumstances] as const),
    ),
  );
}
