import { pairsIn, unpackPairs, type PackedPairs } from "./compact-ids";
import type { Guid, Removal } from "../model";

/**
 * SKUs that this stack adds to a user directly in a swap, by user; see `decision/bridge.ts`. In the state before the
 * swap, so that they never pass for the user's own licences. It only grows.
 */
export type Bridges = ReadonlyMap<Guid, ReadonlySet<Guid>>;

export const NO_BRIDGES: Bridges = new Map();

/** @throws DamagedRecord if a list of ids is incomplete */
export function bridgesIn(packed: PackedPairs | undefined): Bridges {
  return unpackPairs(packed ?? {});
}

export function growBridges(known: Bridges, more: Iterable<Removal>): Bridges {
  const grown = new Map([...known].map(([userId, skuIds]) => [userId, new Set(skuIds)]));
  for (const { userId, skuId } of more) grown.set(userId, (grown.get(userId) ?? new Set()).add(skuId));
  return grown;
}

export function bridgePairs(bridges: Bridges): readonly Removal[] {
  return [...bridges].flatMap(([userId, skuIds]) => [...skuIds].map((skuId) => ({ userId, skuId })));
}

export function isBridge(bridges: Bridges, { userId, skuId }: Removal): boolean {
  return bridges.get(userId)?.has(skuId) === true;
}

/** The pairs of both packed lists. */
export function mergedPairs(...packed: readonly (PackedPairs | undefined)[]): readonly Removal[] {
  return packed.flatMap((each) => pairsIn(each ?? {}));
}
