import { packIds, packPairs, pairsIn, unpackIds, type PackedPairs } from "./compact-ids";
import { growBridges, type Bridges } from "./bridges-on-record";
import type { RefusedRemoval } from "../decision/refused-removals";
import type { Guid, License, Removal } from "../model";
import type { SliceRecord } from "./slice-record";
import { packByWord, unpackByWord, type UsersByWord } from "./users-by-word";

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
  /** What the old group gave to moved users, by `packGave`. Absent: not on record. */
  readonly __gave?: UsersByWord;
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
  /** What the old group gave to users that left it, and what it gives to those of `begun`. */
  readonly gave: ReadonlyMap<Guid, readonly License[]>;
  /** What an interrupted run may have assigned directly, because a plan was missing. */
  readonly mayBeRepaired: readonly Removal[];
  /** What an interrupted rollback has assigned directly, and no row has recorded: see `plan/interrupted-run.ts`. */
  readonly repairedOnTheWayBack: readonly Removal[];
  /** Users that Graph refused to take out of a group, or to add to the other; `skuId` is the group that they stay in. */
  readonly refused: readonly RefusedRemoval[];
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
  gave: new Map(),
  mayBeRepaired: [],
  repairedOnTheWayBack: [],
  refused: [],
};

export function moveKey(fromId: Guid, toId: Guid): string {
  return `${fromId} ${toId}`;
}

/** The two groups of a `moveKey`. */
export function groupsOfMove(key: string): { readonly fromId: Guid; readonly toId: Guid } {
  const [fromId = "", toId = ""] = key.split(" ");
  return { fromId, toId };
}

/** What one part of a move is about to do: in the state before it begins. */
export interface BegunMove {
  readonly wave: string;
  /** From 1. */
  readonly number: number;
  readonly fromId: Guid;
  readonly toId: Guid;
  readonly users: readonly Guid[];
  /** Of `users`, those that it adds to the new group. */
  readonly joining: readonly Guid[];
  /** Users that an interrupted run has moved and that no row has recorded. */
  readonly unread: readonly Guid[];
  /** Users that the interrupted run had added to the new group, moved or not. */
  readonly added: readonly Guid[];
  /** What the old group gave before the first user left it, which a repair assigns directly. */
  readonly gives: readonly License[];
  /** Of these, direct licences that users have already. */
  readonly own: readonly Removal[];
}

/** All of one run, in the order in which the parts run. */
export interface BegunMoves {
  /** ISO 8601. */
  readonly at: string;
  readonly parts: readonly PackedBegunMove[];
}

interface PackedBegunMove extends Pick<BegunMove, "wave" | "number" | "fromId" | "toId" | "gives"> {
  readonly users: string;
  readonly joining: string;
  readonly unread: string;
  readonly added: string;
  readonly own: PackedPairs;
}

export function packBegunMoves(at: string, parts: readonly BegunMove[]): BegunMoves {
  const packed = parts.map((part) => ({
    ...part,
    users: packIds(part.users),
    joining: packIds(part.joining),
    unread: packIds(part.unread),
    added: packIds(part.added),
    own: packPairs(part.own),
  }));
  return { at, parts: packed };
}

/** @param users the sorted users of the row, see `PackedSliceRecord.__taken` */
export function packGave(gave: ReadonlyMap<Guid, readonly License[]>, users: readonly Guid[]): UsersByWord {
  const places = new Map(users.map((userId, place) => [userId, place]));
  const wordOf = (licenses: readonly License[]) =>
    JSON.stringify(licenses.map(({ skuId, disabledPlans }) => [skuId, ...disabledPlans]));
  const words = [...gave].map(([userId, licenses]) => ({ userId, word: wordOf(licenses) }));
  return packByWord(words, ({ word }) => word, places);
}

/** @throws DamagedRecord if the positions do not fit the list of users */
export function unpackGave(packed: UsersByWord, users: readonly Guid[]): ReadonlyMap<Guid, readonly License[]> {
  const licensesIn = new Map(
    Object.keys(packed).map((word) => [
      word,
      (JSON.parse(word) as [Guid, ...Guid[]][]).map(([skuId, ...disabledPlans]) => ({ skuId, disabledPlans })),
    ]),
  );
  return new Map(unpackByWord(packed, users).map(({ word, userId }) => [userId, licensesIn.get(word) ?? []]));
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
  const moves = new Map<string, Growing>();
  const at = (fromId: Guid, toId: Guid) => {
    const key = moveKey(fromId, toId);
    const known = moves.get(key) ?? {
      taken: new Set<Guid>(),
      moved: new Set<Guid>(),
      added: new Set<Guid>(),
      unread: new Set<Guid>(),
      begun: new Set<Guid>(),
      joining: new Set<Guid>(),
      gave: new Map<Guid, readonly License[]>(),
      mayBeRepaired: [],
      repairedOnTheWayBack: [],
      refused: [],
    };
    moves.set(key, known);
    return known;
  };
  for (const { fromId, toId, taken, removed, refused, __added, __unread, __gave } of rows) {
    const mine = at(fromId, toId);
    for (const userId of taken) mine.taken.add(userId);
    for (const { userId } of removed.flatMap(({ pairs }) => pairs)) mine.moved.add(userId);
    for (const userId of unpackIds(__added)) mine.added.add(userId);
    for (const userId of unpackIds(__unread)) mine.unread.add(userId);
    for (const [userId, licenses] of unpackGave(__gave ?? {}, [...taken].sort())) mine.gave.set(userId, licenses);
    mine.refused.push(...refused);
  }
  for (const { part, users, joining } of interruptedParts(rows, begun)) {
    const mine = at(part.fromId, part.toId);
    for (const userId of users) {
      mine.begun.add(userId);
      if (!mine.gave.has(userId)) mine.gave.set(userId, part.gives);
    }
    for (const userId of joining) mine.joining.add(userId);
    mine.mayBeRepaired.push(...repairsOf(part, users));
  }
  return moves;
}

/** `MovedByStack` while it is collected. */
type Growing = { readonly [Key in keyof MovedByStack]: Writable<MovedByStack[Key]> };

type Writable<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? Map<K, V>
    : T extends ReadonlySet<infer E>
      ? Set<E>
      : T extends readonly (infer E)[]
        ? E[]
        : T;

interface InterruptedPart {
  readonly part: PackedBegunMove;
  readonly users: readonly Guid[];
  readonly joining: readonly Guid[];
}

/**
 * Parts run one after the other, so a run was killed in the first one without an end. What it had found of an earlier
 * run that was killed stays on its list, also in parts that it has not reached.
 */
function interruptedParts(rows: readonly MoveRow[], begun: BegunMoves | undefined): readonly InterruptedPart[] {
  const found: InterruptedPart[] = [];
  let isReached = true;
  for (const part of begun?.parts ?? []) {
    const end = rows.find(
      ({ wave, slice, fromId }) => wave === part.wave && fromId === part.fromId && parseInt(slice) === part.number,
    )?.__end;
    // check: a move without an end was interrupted
    if (end !== undefined && end.at >= (begun?.at ?? "")) {
      if (!end.isThrough) isReached = false;
      continue;
    }
    const [unread, added] = [unpackIds(part.unread), unpackIds(part.added)];
    const now = isReached ? { users: unpackIds(part.users), joining: unpackIds(part.joining) } : NOBODY;
    // check: users that an interrupted run has moved stay on the list until a row has them
    found.push({ part, users: [...unread, ...now.users], joining: [...added, ...now.joining] });
    isReached = false;
  }
  return found;
}

const NOBODY = { users: [], joining: [] } as const;

function repairsOf({ gives, own }: PackedBegunMove, users: readonly Guid[]): readonly Removal[] {
  const had = new Set(pairsIn(own).map(({ userId, skuId }) => `${userId} ${skuId}`));
  return users.flatMap((userId) =>
    gives.flatMap(({ skuId }) => (had.has(`${userId} ${skuId}`) ? [] : [{ userId, skuId }])),
  );
}

/** Licences that repairs have added are no user's own, like those of swaps. */
export function withRepairs(bridges: Bridges, rows: readonly MoveState[]): Bridges {
  const pairs = rows.flatMap(({ __repaired }) => pairsIn(__repaired));
  return pairs.length === 0 ? bridges : growBridges(bridges, pairs);
}
