import { counted, thousands } from "./counts";
import type { Guid } from "./model";

/** Progress of a wave, in users. */
export interface WaveOutcome {
  /** Users with every planned removal done. */
  readonly moved: number;
  /** Users with a planned removal that is still to be done. */
  readonly missed: number;
  readonly blocked: number;
}

export const NO_OUTCOME: WaveOutcome = { moved: 0, missed: 0, blocked: 0 };

/** Used if the stack file sets no `minMoved`. A share from 0 to 1. */
export const DEFAULT_MIN_MOVED = 0.5;

/**
 * True if the wave moved enough users to count as done.
 *
 * @param minMoved required share of the movable users, from 0 to 1
 */
export function movedEnough({ moved, missed, blocked }: WaveOutcome, minMoved: number): boolean {
  if (minMoved === 0) return true;
  if (moved === 0) return missed === 0 && blocked === 0;
  return moved >= minMoved * (moved + missed);
}

/** True if no user in the wave holds or held a direct licence. Such a wave is done and needs no soak. */
export function isEmpty({ moved, missed, blocked }: WaveOutcome): boolean {
  return moved + missed + blocked === 0;
}

export function addOutcomes(a: WaveOutcome, b: WaveOutcome): WaveOutcome {
  return { moved: a.moved + b.moved, missed: a.missed + b.missed, blocked: a.blocked + b.blocked };
}

/** A part of a wave, with its users. */
export interface PartUsers {
  readonly outcome: WaveOutcome;
  readonly moved: ReadonlySet<Guid>;
  readonly missed: ReadonlySet<Guid>;
  /** Known of parts of this run alone: the state has only their number. */
  readonly blocked?: ReadonlySet<Guid>;
}

/**
 * The sum of parts. A user with a removal in one part and a move in another counts once, as moved when both are done; as
 * blocked as far as the parts know their users.
 */
export function outcomeOfParts(parts: readonly PartUsers[]): WaveOutcome {
  const sum = parts.map(({ outcome }) => outcome).reduce(addOutcomes, NO_OUTCOME);
  const missed = new Set(parts.flatMap((part) => [...part.missed]));
  const moved = new Set(parts.flatMap((part) => [...part.moved]).filter((userId) => !missed.has(userId)));
  const sizes = (of: "moved" | "missed") => parts.reduce((all, part) => all + part[of].size, 0);
  // check: a user of two parts of a wave counts once
  const twice = { moved: sizes("moved") - moved.size, missed: sizes("missed") - missed.size };
  const blocked = parts.flatMap((part) => [...(part.blocked ?? [])]);
  return {
    moved: sum.moved - twice.moved,
    missed: sum.missed - twice.missed,
    blocked: sum.blocked - (blocked.length - new Set(blocked).size),
  };
}

/** `it moved 1 of 6 users, and minMoved asks for 50 %`. */
export function formatShortfall({ moved, missed, blocked }: WaveOutcome, minMoved: number): string {
  const what =
    moved === 0 && missed === 0
      ? `it moved no user, and ${counted(blocked, "user is", "users are")} blocked`
      : `it moved ${thousands(moved)} of ${counted(moved + missed, "user")} that its plan thought movable`;
  return moved === 0 && missed === 0 ? what : `${what}, and minMoved asks for ${formatPercent(minMoved)}`;
}

export function formatPercent(share: number): string {
  return `${String(Math.round(share * 10_000) / 100)} %`;
}
