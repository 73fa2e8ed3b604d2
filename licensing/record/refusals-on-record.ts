import type { BlockReason } from "../decision/block-reason";
import { grouped } from "../grouped";
import type { Guid } from "../model";
import type { RefusedRemoval } from "../decision/refused-removals";
import { packByWord, unpackByWord, type UsersByWord } from "./users-by-word";

/**
 * Refusals with the same reason, as stored in the state. Reasons can be long texts of Entra, so each is stored
 * once.
 */
export interface PackedRefusals {
  readonly reason: BlockReason;
  /** By SKU: users by their `licensesDigest`. */
  readonly of: Readonly<Record<Guid, UsersByWord>>;
}

/** @param places position of each user in the list stored beside it */
export function packRefusals(
  refused: readonly RefusedRemoval[],
  places: ReadonlyMap<Guid, number>,
): readonly PackedRefusals[] {
  const byReason = [...grouped(refused, ({ reason }) => textOf(reason))].sort(([a], [b]) => a.localeCompare(b));
  return byReason.flatMap(([, group]) => {
    const bySku = [...grouped(group, ({ skuId }) => skuId)].sort(([a], [b]) => a.localeCompare(b));
    const of = bySku.map(([skuId, mine]) => [skuId, packByWord(mine, ({ licenses }) => licenses, places)] as const);
    return group.slice(0, 1).map(({ reason }) => ({ reason, of: Object.fromEntries(of) }));
  });
}

/** @throws DamagedRecord if the positions do not fit the list of users */
export function unpackRefusals({ reason, of }: PackedRefusals, users: readonly Guid[]): readonly RefusedRemoval[] {
  return Object.entries(of).flatMap(([skuId, byLicenses]) =>
    unpackByWord(byLicenses, users).map(({ word, userId }) => ({ userId, skuId, reason, licenses: word })),
  );
}

/** Sorts the properties, because the engine may reorder them. */
function textOf(reason: BlockReason): string {
  return JSON.stringify(Object.entries(reason).sort());
}
