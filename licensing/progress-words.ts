import { counted, thousands } from "./counts";

/** How far a part of a wave is: what its row shows, and what a display of the whole run adds up. */
export interface WaveProgress {
  readonly done: number;
  readonly all: number;
  /** Users a second. */
  readonly rate: number;
  /** Of Graph's quota, from 0 to 1. */
  readonly quotaShare: number;
  readonly blocked: number;
  /** `null` while the speed is not known. */
  readonly secondsLeft: number | null;
}

/** `120 of 1,000 users, 85/s, 41% of the quota, 2 blocked, 10 s left`: short enough for a terminal row. */
export function formatProgress({ done, all, rate, quotaShare, blocked, secondsLeft }: WaveProgress): string {
  return [
    `${thousands(done)} of ${counted(all, "user")}`,
    `${rate.toFixed(rate < 10 ? 1 : 0)}/s`,
    `${Math.round(quotaShare * 100)}% of the quota`,
    `${thousands(blocked)} blocked`,
    ...(secondsLeft === null ? [] : [`${formatTimeLeft(secondsLeft)} left`]),
  ].join(", ");
}

const FORM =
  /^([\d,]+) of ([\d,]+) users?, ([\d.]+)\/s, (\d+)% of the quota, ([\d,]+) blocked(?:, (\d+) (s|min|h) left)?$/;

/** Reads what `formatProgress` wrote: the engine passes a provider's progress on as text alone. `null`: it is another text. */
export function readProgress(text: string): WaveProgress | null {
  const found = FORM.exec(text.trim());
  if (found === null) return null;
  const [, done = "", all = "", rate = "", share = "", blocked = "", left, unit = ""] = found;
  return {
    done: numberIn(done),
    all: numberIn(all),
    rate: Number(rate),
    quotaShare: Number(share) / 100,
    blocked: numberIn(blocked),
    secondsLeft: left === undefined ? null : Number(left) * (SECONDS[unit] ?? 1),
  };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600 };

function numberIn(text: string): number {
  return Number(text.replaceAll(",", ""));
}

/** `41 s`, `12 min`, `4 h`. */
export function formatTimeLeft(seconds: number): string {
  if (seconds <= 180) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 180 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}
