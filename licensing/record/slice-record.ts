import { packIds, unpackIds } from "./compact-ids";
import { packDebts, unpackDebts, type Debt, type PackedDebts } from "./debts-on-record";
import { DamagedRecord } from "./damaged-record";
import { digestOf } from "../digest";
import type { Guid } from "../model";
import { packRefusals, unpackRefusals, type PackedRefusals } from "./refusals-on-record";
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
  readonly __removed: readonly PackedRun[];
  readonly __refused: readonly PackedRefusals[];
  /** Absent: none. */
  readonly __owed?: readonly PackedDebts[];
  /** Positions in `__taken`, see `packPositions`. */
  readonly __missed: string;
  /** Digest of the fields above. */
  readonly __seal: string;
}

/** Users as positions in `__taken`, by SKU. */
interface PackedRun {
  readonly at: string;
  readonly of: UsersByWord;
}

export const EMPTY_SLICE_RECORD: SliceRecord = { taken: [], removed: [], refused: [], missed: [] };

export function packSliceRecord({ taken, removed, refused, owed = [], missed = [] }: SliceRecord): PackedSliceRecord {
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

/** @throws DamagedRecord if the seal does not match, is missing, or a list is incomplete */
export function unpackSliceRecord(packed: PackedSliceRecord): SliceRecord {
  // check: what a wave says of its users is what it wrote
  if (packed.__seal !== sealOf(packed)) {
    throw new DamagedRecord("what a part of a wave says of its users does not match its seal");
  }
  const taken = unpackIds(packed.__taken);
  return {
    taken,
    removed: packed.__removed.map(({ at, of }) => ({ at, pairs: pairsAt(of, taken) })),
    refused: packed.__refused.flatMap((each) => unpackRefusals(each, taken)),
    ...(packed.__owed !== undefined && { owed: unpackDebts(packed.__owed) }),
    missed: unpackPositions(packed.__missed, taken.length).flatMap((place) => taken[place] ?? []),
  };
}

function pairsAt(of: PackedRun["of"], taken: readonly Guid[]): RemovalRun["pairs"] {
  return unpackByWord(of, taken).map(({ word, userId }) => ({ userId, skuId: word }));
}

/** Of any content, so that a record with a field of another shape is found damaged, too. */
function sealOf({ __taken, __removed, __refused, __owed, __missed }: Omit<PackedSliceRecord, "__seal">): string {
  return digestOf([JSON.stringify({ __taken, __removed, __refused, __owed, __missed }, withSortedKeys)]);
}

/** The engine may reorder the properties of an object. */
function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
