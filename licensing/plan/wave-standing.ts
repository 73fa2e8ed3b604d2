import type { Guid } from "../model";
import type { WaveRecord } from "../record/record";
import type { WaveSpec } from "../stack-file/stack-file";
import { isEmpty, NO_OUTCOME, movedEnough, type WaveOutcome } from "../wave-outcome";

/** Where a wave stands before this run, and whether this run can bring it to its end. */
export interface WaveStanding {
  /** Done: what comes later waits for its soak at most. */
  readonly isDone: boolean;
  /** Nobody in it holds anything directly, and it moved nobody: done, without a soak. */
  readonly isEmpty: boolean;
  /** As it will be when all goes as planned. */
  readonly expected: WaveOutcome;
  /** As the state has it. */
  readonly recorded: WaveOutcome;
  /** Parts of it that have users to move in this run. */
  readonly parts: number;
}

/** What this run's plan has for the users of one wave. */
export interface WaveWork {
  readonly toMove: Iterable<Guid>;
  readonly blocked: ReadonlySet<Guid>;
  /** Moved by a run that was killed before it could say so. */
  readonly unrecorded: Iterable<Guid>;
  readonly parts: number;
  /** Users whom a wave by count could not choose, because all that they hold is blocked. */
  readonly notChosen: number;
}

export function standingOf(before: WaveRecord | undefined, work: WaveWork): WaveStanding {
  const toMove = new Set(work.toMove);
  const moved = new Set([...(before?.moved ?? []), ...toMove, ...work.unrecorded]);
  // Users who hold nothing any more, or whom this plan thinks movable again, are no longer missed.
  const missed = [...(before?.missed ?? [])].filter((userId) => work.blocked.has(userId) && !toMove.has(userId));
  for (const userId of missed) moved.delete(userId);
  const blocked = work.blocked.size + (before === undefined || before.taken.size === 0 ? work.notChosen : 0);
  const expected = { moved: moved.size, missed: missed.length, blocked };
  const isNothing = isEmpty(expected);
  return {
    // Empty once, and no longer: what it has now is still to be shown.
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

/** Whether this run can't bring the wave to its end, whatever happens in it. */
export function fallsShort({ isDone, expected }: WaveStanding, { minMoved }: WaveSpec): boolean {
  return !isDone && !movedEnough(expected, minMoved);
}
