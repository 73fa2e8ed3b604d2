import { TOLERATED_SKEW_MS } from "../graph/client/limits";
import { formatDuration } from "../licensing/duration";

/**
 * Warnings about this machine's clock. Soaks and departures use Graph's clock; sign-in, waits and log times use this
 * one.
 *
 * @param aheadMs milliseconds that it is ahead of Graph's clock; `null` if Graph sends no time
 */
export function clockWarnings(aheadMs: number | null): readonly string[] {
  if (aheadMs === null) {
    return [
      "Graph's answers do not tell the time (no Date header): soaks are counted by this machine's clock. Look whether it is right.",
    ];
  }
  if (Math.abs(aheadMs) <= TOLERATED_SKEW_MS) return [];
  const side = aheadMs < 0 ? "behind" : "ahead of";
  return [
    `This machine's clock is more than ${howMuch(Math.abs(aheadMs))} ${side} Graph's. Soaks are counted by Graph's; set this one ` +
      "(timedatectl set-ntp true), because sign-in fails when it is far off.",
  ];
}

/** Rounded down, so that a plan and its run give the same text. */
function howMuch(ms: number): string {
  const hours = ms / 3_600_000;
  const unitMs = hours >= 48 ? 24 * 3_600_000 : hours >= 2 ? 3_600_000 : 5 * 60_000;
  return formatDuration(Math.floor(ms / unitMs) * unitMs);
}
