import { pairsIn, type PackedPairs } from "./compact-ids";

/** What an earlier rollback could not put back, by user and SKU: what stood for its circumstances then. */
export type Unrestored = ReadonlyMap<string, string>;

export function unrestoredIn(packed: Readonly<Record<string, PackedPairs>>): Unrestored {
  return new Map(
    Object.entries(packed).flatMap(([circumstances, pairs]) =>
      pairsIn(pairs).map(({ userId, skuId }) => [`${userId} ${skuId}`, circumstances] as const),
    ),
  );
}
