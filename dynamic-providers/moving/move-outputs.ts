import type { Catalog } from "../../licensing/catalog/catalog";
import { countByName, type CountsByName } from "../../licensing/counts";
import { formatMoveBlock } from "../../licensing/decision/move-block";
import type { RefusedRemoval } from "../../licensing/decision/refused-removals";
import type { Guid, License, Removal } from "../../licensing/model";
import type { BlockedMove } from "../../licensing/plan/group-move";
import { moveDigest } from "../../licensing/plan/plan-group-moves";
import { packIds, packPairs, unpackIds } from "../../licensing/record/compact-ids";
import type { Debt } from "../../licensing/record/debts-on-record";
import { unpackBaseline } from "../../licensing/record/baseline";
import { packGave, unpackGave, type MoveState } from "../../licensing/record/moves-on-record";
import { mergedPairs } from "../../licensing/record/bridges-on-record";
import type { SliceOutputs } from "../../licensing/record/record";
import { onlyPairs, withRun } from "../../licensing/record/removals-on-record";
import {
  EMPTY_SLICE_RECORD,
  packSliceRecord,
  unpackSliceRecord,
  type SliceRecord,
} from "../../licensing/record/slice-record";
import { NO_OUTCOME } from "../../licensing/wave-outcome";
import { endOf } from "../removal/removal-outputs";
import { unpackMoveBlocks, type MoveInputs } from "./move-inputs";

export interface MoveOutputs extends SliceOutputs, MoveState {
  readonly status: "waiting" | "done" | "halted" | "rolled-back";
  /** Users that the last run moved, or moved back. */
  readonly lastMoved: number;
  /** Users still to be moved, or moved back. */
  readonly pending: number;
  /** Users that stay in the old group, by reason; after a rollback, in the new one. */
  readonly stays: CountsByName;
  /** Licences that were assigned directly, because a plan was missing after the move, by SKU. */
  readonly repaired: CountsByName;
  /** Digest of what the last run left. */
  readonly settled: string;
}

/** How a run ended. */
export interface MoveResult {
  readonly moved: readonly Guid[];
  readonly added: readonly Guid[];
  readonly pending: readonly Guid[];
  readonly blocked: readonly BlockedMove[];
  /** Of `blocked`, users that Graph would refuse again. */
  readonly refused: readonly RefusedRemoval[];
  /** What the group that users left had given them. */
  readonly gave: ReadonlyMap<Guid, readonly License[]>;
  /** Users that no longer exist, or that others took out of the group. */
  readonly gone: readonly Guid[];
  readonly unread: readonly Guid[];
  readonly given: readonly Removal[];
  readonly owed: readonly Omit<Debt, "at">[];
  readonly halt: string | null;
}

/** The outputs of a part that has not begun. */
export function waitingMove({ wave, slice, groups, move, users, blocked, minMoved }: MoveInputs): MoveOutputs {
  const idOf = (name: string) => groups.find((group) => group.name === name)?.groupId ?? "";
  return {
    ...{ wave, slice, status: "waiting", fromId: idOf(move.from), toId: idOf(move.to) },
    ...{ lastMoved: 0, pending: users, stays: blocked, repaired: {}, doneAt: null },
    outcome: { ...NO_OUTCOME, minMoved },
    settled: "",
    ...{ __added: "", __unread: "", __repaired: {} },
    ...packSliceRecord(EMPTY_SLICE_RECORD),
  };
}

export function recordOfMove(before: MoveOutputs | null): SliceRecord {
  return before === null ? EMPTY_SLICE_RECORD : unpackSliceRecord(before);
}

/**
 * The outputs after a run.
 *
 * @param nowMs by Graph's clock
 * @param endedMs by this machine's clock
 */
export function moveOutputs(
  inputs: MoveInputs,
  before: MoveOutputs | null,
  result: MoveResult,
  catalog: Catalog,
  nowMs: number,
  endedMs: number,
): MoveOutputs {
  const { __lists: lists, minMoved } = inputs;
  const start = before ?? waitingMove(inputs);
  const known = recordOfMove(before);
  const at = new Date(nowMs).toISOString();
  const { fromId, toId } = start;
  const users = [...unpackIds(lists.users), ...unpackIds(lists.unread), ...result.blocked.map(({ userId }) => userId)];
  const isBack = inputs.mode === "restore";
  const movedNow = [...unpackIds(lists.unread), ...result.moved].map((userId) => ({ userId, skuId: fromId }));
  // After a rollback only those are on record as moved that could not be moved back.
  const left = new Set([...result.pending, ...result.blocked.map(({ userId }) => userId)]);
  const stay = pairsOf([...left], fromId);
  const onRecord = new Set(known.removed.flatMap(({ pairs }) => pairs.map(({ userId }) => userId)));
  const removed = isBack
    ? // Those of an interrupted run are in no row yet.
      withRun(
        onlyPairs(known.removed, stay),
        at,
        stay.filter(({ userId }) => !onRecord.has(userId)),
      )
    : withRun(known.removed, at, movedNow);
  const moved = new Set(removed.flatMap(({ pairs }) => pairs.map(({ userId }) => userId)));
  const added = new Set([...unpackIds(start.__added), ...unpackIds(lists.added), ...(isBack ? [] : result.added)]);
  if (isBack) for (const userId of [...added]) if (!left.has(userId)) added.delete(userId);
  const missed =
    lists.wasDone || isBack ? [] : unpackIds(lists.users).filter((userId) => !isDone(userId, moved, result));
  const repaired = [...mergedPairs(start.__repaired, lists.repaired), ...result.given];
  const bySku = (pairs: readonly { readonly skuId: Guid }[]) =>
    countByName(pairs.map(({ skuId }) => catalog.skuName(skuId)));
  const halted = result.halt !== null;
  const taken = [...new Set([...known.taken, ...users])].sort();
  const gave = gaveTo(moved, known.taken, start, inputs, isBack ? new Map() : result.gave);
  const owed = [...(known.owed ?? []), ...result.owed.map((each) => ({ ...each, at }))];
  return {
    ...{ wave: inputs.wave, slice: inputs.slice, fromId, toId },
    status: halted ? "halted" : isBack ? "rolled-back" : "done",
    lastMoved: result.moved.length,
    pending: result.pending.length,
    stays: countByName(result.blocked.map(({ reason }) => formatMoveBlock(reason, joinedName(inputs), catalog))),
    repaired: bySku(repaired),
    doneAt: isBack ? null : ((lists.wasDone ? before?.doneAt : null) ?? (halted ? null : at)),
    outcome: isBack
      ? { ...NO_OUTCOME, minMoved }
      : { moved: moved.size, missed: missed.length, blocked: result.blocked.length, minMoved },
    // check: a part with users that are still to be moved has work
    settled: halted ? "" : moveDigest([], result.blocked),
    __added: packIds(added),
    __unread: packIds(result.unread),
    __repaired: packPairs(repaired),
    __gave: packGave(gave, taken),
    __end: endOf(result.halt, endedMs),
    ...packSliceRecord({
      taken,
      removed,
      refused: [...known.refused.filter((each) => isForeseen(each, inputs)), ...result.refused],
      missed: [...missed],
      ...(owed.length > 0 && { owed }),
    }),
  };
}

/**
 * The outputs of a part on hold, after users of an interrupted run were read back. Else it is as it was.
 *
 * @param after what `moveOutputs` makes of that reading
 */
export function heldOutputs(inputs: MoveInputs, before: MoveOutputs | null, after: MoveOutputs): MoveOutputs {
  const { status, pending, stays, doneAt, settled, outcome } = before ?? waitingMove(inputs);
  const known = recordOfMove(before);
  const { __taken, __removed, __refused, __owed, __missed, __seal, ...read } = after;
  const record = unpackSliceRecord({ __taken, __removed, __refused, __missed, __seal, ...(__owed && { __owed }) });
  const moved = new Set(record.removed.flatMap(({ pairs }) => pairs.map(({ userId }) => userId)));
  const missed = (known.missed ?? []).filter((userId) => !moved.has(userId));
  return {
    ...read,
    ...{ status, pending, stays, doneAt, settled },
    outcome: { ...outcome, moved: moved.size, missed: missed.length },
    ...packSliceRecord({ ...record, refused: known.refused, missed }),
  };
}

/** What the old group gave to users on record as moved: by the state, by the plan, and by this run. */
function gaveTo(
  moved: ReadonlySet<Guid>,
  taken: readonly Guid[],
  { __gave = {} }: MoveOutputs,
  { __lists: lists }: MoveInputs,
  now: ReadonlyMap<Guid, readonly License[]>,
): ReadonlyMap<Guid, readonly License[]> {
  const planned = [...unpackBaseline(lists.gave)].map(([userId, bySku]) => [userId, [...bySku.values()]] as const);
  const all = new Map([...planned, ...unpackGave(__gave, [...taken].sort()), ...now]);
  return new Map([...all].filter(([userId]) => moved.has(userId)));
}

/** A refusal stays on record while the plan counts with it. */
function isForeseen({ userId }: RefusedRemoval, { __lists: lists }: MoveInputs): boolean {
  return unpackMoveBlocks(lists.blocked).some((each) => each.userId === userId && each.reason.kind === "refused");
}

function pairsOf(userIds: readonly Guid[], skuId: Guid): readonly Removal[] {
  return userIds.map((userId) => ({ userId, skuId }));
}

function isDone(userId: Guid, moved: ReadonlySet<Guid>, { gone }: MoveResult): boolean {
  return moved.has(userId) || gone.includes(userId);
}

/** Display name of the group that users join. */
export function joinedName({ groups, move, mode }: MoveInputs): string {
  const name = mode === "restore" ? move.from : move.to;
  return groups.find((group) => group.name === name)?.displayName ?? name;
}
