import { counted, thousands } from "./tally";

/** How many of the users whom its plan thought movable a wave has moved so far. In users. */
export interface WaveOutcome {
  /** All that its plans thought movable is gone from them. */
  readonly moved: number;
  /** Its plans thought something movable, and it is still there. */
  readonly missed: number;
  readonly blocked: number;
}

export const NO_OUTCOME: WaveOutcome = { moved: 0, missed: 0, blocked: 0 };

/** Where a wave has nothing for it in the stack file. */
export const DEFAULT_MIN_MOVED = 0.5;

/** @param minMoved the share of the movable users that a wave has to move, from 0 to 1 */
export function movedEnough({ moved, missed, blocked }: WaveOutcome, minMoved: number): boolean {
  if (minMoved === 0) return true;
  if (moved === 0) return missed === 0 && blocked === 0;
  return moved >= minMoved * (moved + missed);
}

/** Nobody in the wave holds anything directly, and nobody did: it is done, and has nothing to soak. */
export function isEmpty({ moved, missed, blocked }: WaveOutcome): boolean {
  return moved + missed + blocked === 0;
}

export function addOutcomes(a: WaveOutcome, b: WaveOutcome): WaveOutcome {
  return { moved: a.moved + b.moved, missed: a.missed + b.missed, blocked: a.blocked + b.blocked };
}

/** `it moved 1 of 6 users, and minMoved asks for 50 %`. */
export function shortfallWords({ moved, missed, blocked }: WaveOutcome, minMoved: number): string {
  const what =
    moved === 0 && missed === 0
      ? `it moved nobody, and ${counted(blocked, "user is", "users are")} blocked`
      : `it moved ${thousands(moved)} of ${counted(moved + missed, "user")} that its plan thought movable`;
  return moved === 0 && missed === 0 ? what : `${what}, and minMoved asks for ${percentWords(minMoved)}`;
}

export function percentWords(share: number): string {
  return `${String(Math.round(share * 10_000) / 100)} %`;
}
