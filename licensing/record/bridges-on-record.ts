import type { PlansBeforeSwap } from "../decision/own-bridge";
import { pairsIn, unpackPairs, type PackedPairs } from "./compact-ids";
import type { Guid, Removal } from "../model";

/**
 * SKUs that this stack adds to a user directly in a swap, by user; see `decision/bridge.ts`. In the state before the
 * swap, so that they never pass for the user's own licences. It only grows.
 */
export type Bridges = ReadonlyMap<Guid, ReadonlySet<Guid>>;

export const NO_BRIDGES: Bridges = new Map();

export const NO_PLANS: PlansBeforeSwap = new Map();

/** As in the state: successors by plan id by SKU id, all sorted. */
export type PackedPlans = Readonly<Record<Guid, Readonly<Record<Guid, readonly Guid[]>>>>;

export function plansBeforeSwap(packed: PackedPlans | undefined): PlansBeforeSwap {
  return new Map(
    Object.entries(packed ?? {}).map(([skuId, plans]) => [
      skuId,
      new Map(Object.entries(plans).map(([planId, successors]) => [planId, new Set(successors)])),
    ]),
  );
}

export function packPlans(plans: PlansBeforeSwap): PackedPlans {
  return sorted(plans, (ofSku) => sorted(ofSku, (successors) => [...successors].sort()));
}

export function growPlans(known: PlansBeforeSwap, more: PlansBeforeSwap): PlansBeforeSwap {
  const grown = new Map([...known].map(([skuId, plans]) => [skuId, new Map(plans)]));
  for (const [skuId, plans] of more) {
    const mine = grown.get(skuId) ?? new Map<Guid, ReadonlySet<Guid>>();
    for (const [planId, successors] of plans) mine.set(planId, new Set([...(mine.get(planId) ?? []), ...successors]));
    grown.set(skuId, mine);
  }
  return grown;
}

function sorted<V, P>(map: ReadonlyMap<Guid, V>, pack: (value: V) => P): Readonly<Record<Guid, P>> {
  const entries = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([id, value]) => [id, pack(value)]));
}

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
