import ms from "ms";
import { counted } from "./counts";

/** How durations are read and written, in milliseconds: one written by an administrator, and one that was measured. */

/** Parses `24 hours` to milliseconds; `null` if the text is no duration. A number needs a unit. */
export function parseDuration(words: string): number | null {
  // `ms` reads a bare number as milliseconds, while an administrator would mean hours.
  const parsed = /[a-z]/i.test(words) ? ms(words as ms.StringValue) : undefined;
  return parsed !== undefined && Number.isFinite(parsed) && parsed >= 0 ? parsed : null;
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** `24 hours`, `90 minutes`, `45 seconds`: exactly, in the largest unit that divides the duration. */
export function formatDuration(durationMs: number): string {
  const [word, size] = UNITS.find(([, unitMs]) => durationMs >= 2 * unitMs && durationMs % unitMs === 0) ??
    UNITS.find(([, unitMs]) => durationMs % unitMs === 0) ?? ["millisecond", 1];
  return counted(durationMs / size, word);
}

/** `45 s`, `8 min`, `1 h 20 min`, `3 days`: rounded up, precise enough for planning. */
export function formatRoundedDuration(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** `75 s`: for a wait in progress, so that its time is seen to pass. */
export function formatSeconds(durationMs: number): string {
  return `${Math.round(durationMs / 1_000)} s`;
}
