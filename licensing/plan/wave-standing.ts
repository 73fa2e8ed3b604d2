import type { Guid } from "../model";
import type { WaveRecord } from "../record/record";
import type { WaveSpec } from "../stack-file/stack-file";
import { isEmpty, NO_OUTCOME, movedEnough, type WaveOutcome } from "../wave-outcome";

/** A wave's state before this run, and whether this run can finish it. */
export interface WaveStanding {
  /** True if the wave is done; later waves then wait for its soak at most. */
  readonly isDone: boolean;
  /** True if no user in the wave holds or held a direct licence: it is done without a soak. */
  readonly isEmpty: boolean;
  /** The outcome if everything goes as planned. */
  readonly expected: WaveOutcome;
  /** The outcome in the state. */
  readonly recorded: WaveOutcome;
  /** Number of slices with users to move in this run. */
  readonly parts: number;
}

/** This run's work for the users of one wave. */
export interface WaveWork {
  readonly toMove: Iterable<Guid>;
  readonly blocked: ReadonlySet<Guid>;
  /** Users moved by a run that was killed before it recorded them. */
  readonly unrecorded: Iterable<Guid>;
  readonly parts: number;
  /** Number of users that a wave by count could not choose, because all their licences are blocked. */
  readonly notChosen: number;
}

export function standingOf(before: WaveRecord | undefined, work: WaveWork): WaveStanding {
  const toMove = new Set(work.toMove);
  const moved = new Set([...(before?.moved ?? []), ...toMove, ...work.unrecorded]);
  // Users without a direct licence, or with a planned removal again, are no longer missed.
  const missed = [...(before?.missed ?? [])].filter((userId) => work.blocked.has(userId) && !toMove.has(userId));
  for (const userId of missed) moved.delete(userId);
  const blocked = work.blocked.size + (before === undefined || before.taken.size === 0 ? work.notChosen : 0);
  const expected = { moved: moved.size, missed: missed.length, blocked };
  const isNothing = isEmpty(expected);
  return {
    // A wave that was empty when done is open again if it has work now.
    isDone:
      before !== undefined &&
      before.doneAtMs !== null &&
      (before.outcome.moved > 0 || before.minMoved === 0 || isNothing),
    isEmpty: isNothing,
    expected,
    recorded: before?.outcome ?? NO_OUTCOME,
    parts: work.parts,
  };
}

/** True if this run cannot finish the wave, even if everything succeeds. */
export function fallsShort({ isDone, expected }: WaveStanding, { minMoved }: WaveSpec): boolean {
  return !isDone && !movedEnough(expected, minMoved);
}
