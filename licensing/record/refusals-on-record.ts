import type { BlockReason } from "../decision/block-reason";
import { grouped } from "../grouped";
import type { Guid } from "../model";
import type { RefusedRemoval } from "../decision/refused-removals";
import { packByWord, unpackByWord, type UsersByWord } from "./users-by-word";

/** Refusals for one reason as the state has them: users are many, reasons are few, and a reason is as long as Entra likes. */
export interface PackedRefusals {
  readonly reason: BlockReason;
  /** By SKU: users by what stands for their licences. */
  readonly of: Readonly<Record<Guid, UsersByWord>>;
}

/** @param places of every user in the list of users that stands beside it */
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

/** @throws DamagedRecord where it is not made for a list of so many users */
export function unpackRefusals({ reason, of }: PackedRefusals, users: readonly Guid[]): readonly RefusedRemoval[] {
  return Object.entries(of).flatMap(([skuId, byLicenses]) =>
    unpackByWord(byLicenses, users).map(({ word, userId }) => ({ userId, skuId, reason, licenses: word })),
  );
}

/** Everything that it says, for a seal. */
export function linesOf({ reason, of }: PackedRefusals): readonly string[] {
  return Object.entries(of).flatMap(([skuId, byLicenses]) =>
    Object.entries(byLicenses).map((users) => JSON.stringify([textOf(reason), skuId, ...users])),
  );
}

/** The engine keeps the properties of an object in an order of its own. */
function textOf(reason: BlockReason): string {
  return JSON.stringify(Object.entries(reason).sort());
}
