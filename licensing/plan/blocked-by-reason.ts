import type { BlockReason, Blocked } from "../decision/block-reason";
import { packPairs, pairsIn, type PackedPairs } from "../record/compact-ids";
import { grouped } from "../grouped";

/**
 * Blocked direct assignments, by the JSON of their reason. JSON text, because the engine would reorder the
 * properties of an object and so change the digest.
 */
export type PackedBlocked = Readonly<Record<string, PackedPairs>>;

export function packBlocked(blocked: readonly Blocked[]): PackedBlocked {
  const alike = grouped(blocked, ({ reason }) => JSON.stringify(reason));
  return Object.fromEntries([...alike].map(([reason, mine]) => [reason, packPairs(mine)]));
}

/** @throws DamagedRecord if a list of ids is incomplete */
export function unpackBlocked(packed: PackedBlocked): readonly Blocked[] {
  return Object.entries(packed).flatMap(([text, pairs]) => {
    const reason = JSON.parse(text) as BlockReason;
    return pairsIn(pairs).map((pair) => ({ ...pair, reason }));
  });
}
