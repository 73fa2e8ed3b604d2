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

/** What one part of a wave remembers of its users. */
export interface SliceRecord {
  /** Everybody this part has taken: they stay in its wave for good. */
  readonly taken: readonly Guid[];
  /** What it removed and no rollback put back, run by run. */
  readonly removed: readonly RemovalRun[];
  /** Removals that Entra has refused. */
  readonly refused: readonly RefusedRemoval[];
  /** What it removed and could not put back when it had to; absent: nothing. Whether that was made good since, the row of debts tells. */
  readonly owed?: readonly Debt[];
  /** Users with something that a plan thought movable, and that is still there; absent: none. */
  readonly missed?: readonly Guid[];
}

/** The same in the state: each user once, and everything else by their place in that list. */
export interface PackedSliceRecord {
  /** See `packIds`. */
  readonly __taken: string;
  /** Absent from states of the first versions: what came back there is not told. */
  readonly __removed?: readonly (PackedRun | RunWithIds)[];
  /** Absent from states of the first versions; those after them had each refusal by itself, with the ids again. */
  readonly __refused?: readonly (PackedRefusals | RefusedRemoval)[];
  /** Absent: none. */
  readonly __owed?: readonly PackedDebts[];
  /** By their place in `__taken`, see `packPositions`. Absent: none. */
  readonly __missed?: string;
  /** Stands for those above, as far as they are in the form of now. Absent from older states. */
  readonly __seal?: string;
}

/** By SKU: users by their place in `__taken`. */
interface PackedRun {
  readonly at: string;
  readonly of: UsersByWord;
}

/** As older versions wrote it: the ids again. */
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

/** @throws DamagedRecord where it is not what was written, or not whole */
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
