import { packIds, pairsIn, unpackIds, type PackedPairs } from "./compact-ids";
import { packDebts, unpackDebts, type Debt, type PackedDebts } from "./debts-on-record";
import { DamagedRecord } from "./damaged-record";
import { digestOf } from "../digest";
import type { Guid } from "../model";
import { linesOf, packRefusals, unpackRefusals, type PackedRefusals } from "./refusals-on-record";
import type { RefusedRemoval } from "../decision/refused-removals";
import { packPositions, unpackPositions } from "./positions";
import type { RemovalRun } from "./removals-on-record";
import { packByWord, unpackByWord, type UsersByWord } from "./users-by-word";

/** What one slice of a wave records about its users. */
export interface SliceRecord {
  /** All users that this slice has taken. They stay in its wave. */
  readonly taken: readonly Guid[];
  /** Removals by run, without those that a rollback put back. */
  readonly removed: readonly RemovalRun[];
  /** Removals that Entra refused. */
  readonly refused: readonly RefusedRemoval[];
  /**
   * Removed licences that could not be put back when required; absent: none. The debts resource tells which were
   * closed since.
   */
  readonly owed?: readonly Debt[];
  /** Users with a planned removal that is still to be done; absent: none. */
  readonly missed?: readonly Guid[];
}

/** The form in the state: user ids once, then positions in that list. */
export interface PackedSliceRecord {
  /** See `packIds`. */
  readonly __taken: string;
  /** Absent in the oldest states: licences that came back are not recognised there. */
  readonly __removed?: readonly (PackedRun | RunWithIds)[];
  /** Absent in the oldest states; later ones stored each refusal with its ids. */
  readonly __refused?: readonly (PackedRefusals | RefusedRemoval)[];
  /** Absent: none. */
  readonly __owed?: readonly PackedDebts[];
  /** Positions in `__taken`, see `packPositions`. Absent: none. */
  readonly __missed?: string;
  /** Digest of the fields above in their present form. Absent in older states. */
  readonly __seal?: string;
}

/** Users as positions in `__taken`, by SKU. */
interface PackedRun {
  readonly at: string;
  readonly of: UsersByWord;
}

/** The form of older states, with user ids. */
interface RunWithIds {
  readonly at: string;
  readonly pairs: PackedPairs;
}

export const EMPTY_SLICE_RECORD: SliceRecord = { taken: [], removed: [], refused: [], missed: [] };

export function packSliceRecord({
  taken,
  removed,
  refused,
  owed = [],
  missed = [],
}: SliceRecord): Required<Omit<PackedSliceRecord, "__owed">> & PackedSliceRecord {
  const named = [...removed.flatMap(({ pairs }) => pairs), ...refused].map(({ userId }) => userId);
  const users = [...new Set([...taken, ...named, ...missed])].sort();
  const places = new Map(users.map((userId, place) => [userId, place]));
  const packed = {
    __taken: packIds(users),
    __removed: removed.map(({ at, pairs }) => ({ at, of: packByWord(pairs, ({ skuId }) => skuId, places) })),
    __refused: packRefusals(refused, places),
    ...(owed.length > 0 && { __owed: packDebts(owed) }),
    __missed: packPositions(
      missed.flatMap((userId) => places.get(userId) ?? []).sort((a, b) => a - b),
      users.length,
    ),
  };
  return { ...packed, __seal: sealOf(packed) };
}

/** @throws DamagedRecord if the seal does not match or a list is incomplete */
export function unpackSliceRecord(packed: PackedSliceRecord): SliceRecord {
  if (packed.__seal !== undefined && packed.__seal !== sealOf(packed)) {
    throw new DamagedRecord("what a part of a wave says of its users does not match its seal");
  }
  const taken = unpackIds(packed.__taken);
  return {
    taken,
    removed: (packed.__removed ?? []).map((run) => ({
      at: run.at,
      pairs: "of" in run ? pairsAt(run.of, taken) : pairsIn(run.pairs),
    })),
    refused: (packed.__refused ?? []).flatMap((each) => ("of" in each ? unpackRefusals(each, taken) : [each])),
    ...(packed.__owed !== undefined && { owed: unpackDebts(packed.__owed) }),
    missed: unpackPositions(packed.__missed ?? "", taken.length).flatMap((place) => taken[place] ?? []),
  };
}

function pairsAt(of: PackedRun["of"], taken: readonly Guid[]): RemovalRun["pairs"] {
  return unpackByWord(of, taken).map(({ word, userId }) => ({ userId, skuId: word }));
}

function sealOf({ __taken, __removed, __refused, __owed, __missed }: PackedSliceRecord): string {
  const runs = (__removed ?? []).map((run) => ("of" in run ? Object.entries(run.of).sort().flat().concat(run.at) : []));
  const refused = (__refused ?? []).flatMap((each) => ("of" in each ? linesOf(each) : []));
  const owed = (__owed ?? []).map(({ at, reason, of }) => JSON.stringify([at, reason, Object.entries(of).sort()]));
  return digestOf([
    __taken,
    JSON.stringify(runs),
    ...refused,
    ...owed,
    ...(__missed === undefined ? [] : [`missed ${__missed}`]),
  ]);
}
