import type { Catalog } from "../../licensing/catalog/catalog";
import { pairsIn, unpackPairs } from "../../licensing/record/compact-ids";
import type { Debt } from "../../licensing/record/debts-on-record";
import type { EndOfPart } from "../../licensing/record/interrupted-removals";
import type { Guid, Removal } from "../../licensing/model";
import { sliceDigest } from "../../licensing/plan/plan-wave";
import { blockedTally } from "../../licensing/plan/blocked-words";
import { namesOf } from "../../licensing/plan/names-of";
import { partUsers, type SliceOutputs } from "../../licensing/record/record";
import type { RefusedRemoval } from "../../licensing/decision/refused-removals";
import { withoutPairs, withRun, type RemovalRun } from "../../licensing/record/removals-on-record";
import { failingDigest, failingOf } from "../../licensing/inheritance/reprocessing";
import {
  EMPTY_SLICE_RECORD,
  packSliceRecord,
  unpackSliceRecord,
  type SliceRecord,
} from "../../licensing/record/slice-record";
import { countByName, type CountsByName } from "../../licensing/counts";
import { NO_OUTCOME } from "../../licensing/wave-outcome";
import type { PartOfRun } from "../engine/receipts";
import type { UnitResult } from "./ledger";
import type { RunResult } from "./run";
import type { RemovalInputs } from "./removal-inputs";

export interface RemovalOutputs extends SliceOutputs {
  readonly slice: string;
  readonly status: "waiting" | "done" | "halted" | "rolled-back";
  /** Licences that the last run removed, by SKU. */
  readonly lastRemoved: CountsByName;
  /** Licences still to be removed, by SKU. */
  readonly pending: CountsByName;
  /** Direct assignments that stay, by reason. */
  readonly stays: CountsByName;
  /** Direct assignments that stay, by SKU. */
  readonly staysBySku: CountsByName;
  /** Direct assignments that this run removed and could not put back when needed, by reason. */
  readonly notPutBack: CountsByName;
  /** Users without their direct licence after a rollback, by reason. */
  readonly notRestored: CountsByName;
  /** The same in direct assignments, by SKU. */
  readonly notRestoredBySku: CountsByName;
  /** When the slice was done, ISO 8601; updated by each run until its wave has moved enough users. */
  readonly doneAt: string | null;
  /** Digest of the users still in error after reprocessing. */
  readonly reprocessed: string;
  /** Digest of what the last run left. */
  readonly settled: string;
}

/** The outputs of a part of a wave that has not begun. */
export function waitingOutputs(inputs: RemovalInputs): RemovalOutputs {
  return {
    wave: inputs.wave,
    slice: inputs.slice,
    status: "waiting",
    lastRemoved: {},
    pending: inputs.remove,
    stays: inputs.blocked,
    staysBySku: {},
    notPutBack: {},
    notRestored: {},
    notRestoredBySku: {},
    doneAt: null,
    outcome: { ...NO_OUTCOME, minMoved: inputs.minMoved },
    reprocessed: "",
    settled: "",
    ...packSliceRecord(EMPTY_SLICE_RECORD),
  };
}

/**
 * The outputs of a part of a wave after a run.
 *
 * @param nowMs by Graph's clock
 * @param endedMs by this machine's clock
 */
export function removalOutputs(
  inputs: RemovalInputs,
  before: RemovalOutputs | null,
  result: RunResult,
  users: readonly Guid[],
  catalog: Catalog,
  nowMs: number,
  endedMs: number,
): RemovalOutputs {
  const bySku = (pairs: readonly { readonly skuId: Guid }[]) =>
    countByName(pairs.map(({ skuId }) => catalog.skuName(skuId)));
  const lastRemoved = bySku(result.removed);
  const known = knownOf(before);
  const halted = result.halt !== null;
  const at = new Date(nowMs).toISOString();
  const removed = withRun(withoutPairs(known.removed, result.owed), at, [
    ...pairsIn(inputs.__lists.moved),
    ...notOwed(result),
  ]);
  const missed = inputs.__lists.wasDone ? new Set<Guid>() : missedBy(inputs, known, result);
  const blocked = new Set(result.blocked.map(({ userId }) => userId)).size;
  // A halted run has not looked at every user: each planned removal that it has not settled is still pending.
  const pending = bySku(halted ? unsettled(unpackPairs(inputs.__lists.planned), result) : result.pending);
  return {
    wave: inputs.wave,
    slice: inputs.slice,
    status: halted ? "halted" : "done",
    lastRemoved,
    pending,
    stays: blockedTally(result.blocked, namesOf({ declared: inputs.groups, catalog })),
    staysBySku: bySku(result.blocked.filter(({ reason }) => reason.kind !== "source-unknown")),
    notPutBack: countByName(result.owed.map(({ reason }) => reason)),
    notRestored: {},
    notRestoredBySku: {},
    // check: a soak counts from the moment that enough was moved
    doneAt: (inputs.__lists.wasDone ? before?.doneAt : null) ?? (halted ? null : at),
    outcome: { moved: movedIn(removed, missed), missed: missed.size, blocked, minMoved: inputs.minMoved },
    reprocessed: inputs.reprocess ? failingDigest(failingOf(result.blocked), catalog) : (before?.reprocessed ?? ""),
    settled: halted ? "" : sliceDigest(result.pending, result.blocked),
    __end: endOf(result.halt, endedMs),
    ...packSliceRecord({
      missed: [...missed],
      taken: takenBy(inputs, known, users),
      removed,
      refused: stillRefused(inputs.__lists.refused, result),
      owed: stillOwed(known, result, at),
    }),
  };
}

export function endOf(halt: string | null, nowMs: number): EndOfPart {
  return { at: new Date(nowMs).toISOString(), isThrough: halt === null };
}

/** Removals that stay, as far as this run knows. */
function notOwed({ removed, owed }: UnitResult): readonly Removal[] {
  const keys = keysOf(owed);
  return removed.filter((each) => !keys.has(keyOf(each)));
}

/** Debts stay on record until the licence is removed again; the row of debts records how else they end. */
function stillOwed({ owed = [] }: SliceRecord, result: UnitResult, at: string): readonly Debt[] {
  const settled = keysOf([...result.removed, ...result.owed]);
  return [...owed.filter((each) => !settled.has(keyOf(each))), ...result.owed.map((each) => ({ ...each, at }))];
}

/** A part of a wave, of removals or of a move, as the receipts of this run keep it. */
export function partOfRun(
  outputs: SliceOutputs,
  before: SliceOutputs | null,
  blocked: readonly { readonly userId: Guid }[],
): PartOfRun {
  const usersOf = (each: SliceOutputs) => partUsers({ ...each, ...unpackSliceRecord(each) });
  // A rollback counts none.
  const ids = outputs.outcome.blocked === 0 ? [] : blocked.map(({ userId }) => userId);
  return { after: { ...usersOf(outputs), blocked: new Set(ids) }, before: before === null ? null : usersOf(before) };
}

/** Users with a licence that a plan considered movable and that is blocked or could not be put back. */
function missedBy({ __lists }: RemovalInputs, known: SliceRecord, { blocked, owed }: UnitResult): Set<Guid> {
  const planned = unpackPairs(__lists.planned);
  const missedBefore = new Set(known.missed ?? []);
  const missed = [...blocked, ...owed].filter(
    ({ userId, skuId }) => planned.get(userId)?.has(skuId) ?? missedBefore.has(userId),
  );
  return new Set(missed.map(({ userId }) => userId));
}

function movedIn(removed: readonly RemovalRun[], missed: ReadonlySet<Guid>): number {
  const users = new Set(removed.flatMap(({ pairs }) => pairs.map(({ userId }) => userId)));
  return [...users].filter((userId) => !missed.has(userId)).length;
}

/** Refusals stay on record until the licence is removed or refused again; the plan decides which still hold. */
function stillRefused(before: readonly RefusedRemoval[], { removed, refused }: UnitResult): readonly RefusedRemoval[] {
  const settled = keysOf([...removed, ...refused]);
  return [...before.filter((each) => !settled.has(keyOf(each))), ...refused];
}

function unsettled(
  planned: ReadonlyMap<Guid, ReadonlySet<Guid>>,
  { removed, blocked, gone }: UnitResult,
): readonly Removal[] {
  const settled = keysOf([...removed, ...blocked]);
  const missing = new Set(gone);
  return [...planned].flatMap(([userId, skuIds]) =>
    [...skuIds].map((skuId) => ({ userId, skuId })).filter((each) => !missing.has(userId) && !settled.has(keyOf(each))),
  );
}

function keysOf(pairs: readonly Removal[]): ReadonlySet<string> {
  return new Set(pairs.map(keyOf));
}

function keyOf({ userId, skuId }: Removal): string {
  return `${userId} ${skuId}`;
}

/** The part's record of earlier runs. */
export function knownOf(before: RemovalOutputs | null): SliceRecord {
  return before === null ? EMPTY_SLICE_RECORD : unpackSliceRecord(before);
}

/** All users of this part: earlier ones, those that a killed run moved, and new ones. */
export function takenBy({ __lists }: RemovalInputs, known: SliceRecord, users: readonly Guid[]): readonly Guid[] {
  return [...known.taken, ...unpackPairs(__lists.moved).keys(), ...users];
}
