import { packIds, pairsIn, unpackIds, type PackedPairs } from "./compact-ids";
import { DamagedRecord } from "./damaged-record";
import { digestOf } from "./digest";
import type { Guid } from "./model";
import { packPositions, unpackPositions } from "./positions";
import type { RemovalRun } from "./removals-on-record";

/** What one part of a wave remembers of its users. */
export interface SliceRecord {
  /** Everybody this part has taken: they stay in its wave for good. */
  readonly taken: readonly Guid[];
  /** What it removed and no rollback put back, run by run. */
  readonly removed: readonly RemovalRun[];
}

/** The same in the state: each user once, and everything else by their place in that list. */
export interface PackedSliceRecord {
  /** See `packIds`. */
  readonly __taken: string;
  /** Absent from states of the first versions: what came back there is not told. */
  readonly __removed?: readonly (PackedRun | RunWithIds)[];
  /** Stands for the two above. Absent from older states. */
  readonly __seal?: string;
}

/** By SKU: places in `__taken`, see `packPositions`. */
interface PackedRun {
  readonly at: string;
  readonly of: Readonly<Record<Guid, string>>;
}

/** As older versions wrote it: the ids again. */
interface RunWithIds {
  readonly at: string;
  readonly pairs: PackedPairs;
}

export const EMPTY_SLICE_RECORD: SliceRecord = { taken: [], removed: [] };

export function packSliceRecord({ taken, removed }: SliceRecord): Required<PackedSliceRecord> {
  const users = [...new Set([...taken, ...removed.flatMap(({ pairs }) => pairs.map(({ userId }) => userId))])].sort();
  const places = new Map(users.map((userId, place) => [userId, place]));
  const packed = {
    __taken: packIds(users),
    __removed: removed.map(({ at, pairs }) => ({ at, of: placesBySku(pairs, places) })),
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
  };
}

function placesBySku(pairs: RemovalRun["pairs"], places: ReadonlyMap<Guid, number>): PackedRun["of"] {
  const bySku = new Map<Guid, Set<number>>();
  for (const { userId, skuId } of pairs) {
    const place = places.get(userId);
    if (place !== undefined) bySku.set(skuId, (bySku.get(skuId) ?? new Set<number>()).add(place));
  }
  const packed = [...bySku].map(
    ([skuId, mine]) => [skuId, packPositions([...mine].sort(byNumber), places.size)] as const,
  );
  return Object.fromEntries(packed.sort(([a], [b]) => a.localeCompare(b)));
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function pairsAt(of: PackedRun["of"], taken: readonly Guid[]): RemovalRun["pairs"] {
  return Object.entries(of).flatMap(([skuId, packed]) =>
    unpackPositions(packed, taken.length).flatMap((place) => {
      const userId = taken[place];
      return userId === undefined ? [] : [{ userId, skuId }];
    }),
  );
}

function sealOf({ __taken, __removed }: PackedSliceRecord): string {
  const runs = (__removed ?? []).map((run) => ("of" in run ? Object.entries(run.of).sort().flat().concat(run.at) : []));
  return digestOf([__taken, JSON.stringify(runs)]);
}
