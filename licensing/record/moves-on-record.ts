import { packIds, unpackIds, unpackPairs, type PackedPairs } from "./compact-ids";
import { growBridges, type Bridges } from "./bridges-on-record";
import type { Guid } from "../model";
import type { SliceRecord } from "./slice-record";

/** Outputs of one part of a move that the plan reads, beside those of a slice. Its removals name the old group. */
export interface MoveState {
  /** Object ids of the two groups. */
  readonly fromId: Guid;
  readonly toId: Guid;
  /** Users that this stack added to the new group and did not take out again, see `packIds`. */
  readonly __added: string;
  /** Users whose old entry no run has seen gone. */
  readonly __unread: string;
  /** Licences that were assigned directly, because a plan was missing after the move. */
  readonly __repaired: PackedPairs;
}

/** The users of one move. */
export interface MovedByStack {
  /** All users that parts of the move have taken; they stay in their wave. */
  readonly taken: ReadonlySet<Guid>;
  /** Users that this stack took out of the old group. */
  readonly moved: ReadonlySet<Guid>;
  /** Users that this stack added to the new group. */
  readonly added: ReadonlySet<Guid>;
  /** Moved users to be read back: the old entry was not seen gone, or the run was interrupted. */
  readonly unread: ReadonlySet<Guid>;
  /**
   * Users that an interrupted run was about to move, and of whom it has recorded nothing; the tenant tells what it did.
   */
  readonly begun: ReadonlySet<Guid>;
  /** Of `begun`, those that it was about to add to the new group. */
  readonly joining: ReadonlySet<Guid>;
}

/** By `moveKey`. */
export type MovesOnRecord = ReadonlyMap<string, MovedByStack>;

export const NO_MOVES: MovesOnRecord = new Map();

export const NOTHING_MOVED: MovedByStack = {
  taken: new Set(),
  moved: new Set(),
  added: new Set(),
  unread: new Set(),
  begun: new Set(),
  joining: new Set(),
};

export function moveKey(fromId: Guid, toId: Guid): string {
  return `${fromId} ${toId}`;
}

/** What one part of a move is about to do: in the state before it begins. */
export interface BegunMove {
  readonly wave: string;
  /** From 1. */
  readonly number: number;
  readonly fromId: Guid;
  readonly toId: Guid;
  readonly users: readonly Guid[];
  readonly joining: readonly Guid[];
}

/** All of one run, in the order in which the parts run. */
export interface BegunMoves {
  /** ISO 8601. */
  readonly at: string;
  readonly parts: readonly PackedBegunMove[];
}

interface PackedBegunMove extends Omit<BegunMove, "users" | "joining"> {
  readonly users: string;
  readonly joining: string;
}

export function packBegunMoves(at: string, parts: readonly BegunMove[]): BegunMoves {
  const packed = parts.map((part) => ({ ...part, users: packIds(part.users), joining: packIds(part.joining) }));
  return { at, parts: packed };
}

type MoveRow = MoveState & SliceRecord & { readonly wave: string; readonly slice: string; readonly __end?: End };

/** See `EndOfPart`. */
interface End {
  readonly at: string;
  readonly isThrough: boolean;
}

/**
 * @param begun of the last run that had something to move
 * @throws DamagedRecord if a list of ids is incomplete
 */
export function movesIn(rows: readonly MoveRow[], begun: BegunMoves | undefined): MovesOnRecord {
  const moves = new Map<string, Record<keyof MovedByStack, Set<Guid>>>();
  const at = (fromId: Guid, toId: Guid) => {
    const key = moveKey(fromId, toId);
    const known = moves.get(key) ?? {
      taken: new Set<Guid>(),
      moved: new Set<Guid>(),
      added: new Set<Guid>(),
      unread: new Set<Guid>(),
      begun: new Set<Guid>(),
      joining: new Set<Guid>(),
    };
    moves.set(key, known);
    return known;
  };
  for (const { fromId, toId, taken, removed, __added, __unread } of rows) {
    const mine = at(fromId, toId);
    for (const userId of taken) mine.taken.add(userId);
    for (const { userId } of removed.flatMap(({ pairs }) => pairs)) mine.moved.add(userId);
    for (const userId of unpackIds(__added)) mine.added.add(userId);
    for (const userId of unpackIds(__unread)) mine.unread.add(userId);
  }
  const interrupted = interruptedPart(rows, begun);
  if (interrupted !== null) {
    const mine = at(interrupted.fromId, interrupted.toId);
    for (const userId of unpackIds(interrupted.users)) mine.begun.add(userId);
    for (const userId of unpackIds(interrupted.joining)) mine.joining.add(userId);
  }
  return moves;
}

/** Parts run one after the other, so the run was killed in the first one without an end. */
function interruptedPart(rows: readonly MoveRow[], begun: BegunMoves | undefined): PackedBegunMove | null {
  for (const part of begun?.parts ?? []) {
    const end = rows.find(
      ({ wave, slice, fromId }) => wave === part.wave && fromId === part.fromId && parseInt(slice) === part.number,
    )?.__end;
    // check: a move without an end was interrupted
    if (end === undefined || end.at < (begun?.at ?? "")) return part;
    if (!end.isThrough) return null;
  }
  return null;
}

/** Licences that repairs have added are no user's own, like those of swaps. */
export function withRepairs(bridges: Bridges, rows: readonly MoveState[]): Bridges {
  const pairs = rows.flatMap(({ __repaired }) =>
    [...unpackPairs(__repaired)].flatMap(([userId, skuIds]) => [...skuIds].map((skuId) => ({ userId, skuId }))),
  );
  return pairs.length === 0 ? bridges : growBridges(bridges, pairs);
}
