import type { PaceStatus, Prospect } from "../../graph/tenant-graph";
import { formatProgress } from "../../licensing/progress-words";

/** A longer period would say little about the current speed. */
const MEASURED_OVER_MS = 60_000;

interface Mark {
  readonly atMs: number;
  readonly done: number;
}

/** A run's progress, speed and remaining time, from the last minute and the quota. */
export class Progress {
  #marks: readonly Mark[];

  constructor(
    private readonly all: number,
    startedMs: number,
  ) {
    this.#marks = [{ atMs: startedMs, done: 0 }];
  }

  /** See `formatProgress`. */
  words(now: Mark, blocked: number, pace: PaceStatus, ahead: Prospect): string {
    // Keeps the last older mark, so that a run with units longer than a minute is measured too.
    const old = this.#marks.findLastIndex(({ atMs }) => now.atMs - atMs >= MEASURED_OVER_MS);
    this.#marks = [...this.#marks.slice(Math.max(old, 0)), now];
    const rate = rateBetween(this.#marks[0] ?? now, now);
    const { writes, units } = pace.limits;
    return formatProgress({
      done: now.done,
      all: this.all,
      rate,
      quotaShare: Math.max(writes.share, units.share),
      blocked,
      secondsLeft: rate > 0 ? secondsLeft(this.all - now.done, rate, ahead, heldMs(pace, now.atMs)) : null,
    });
  }
}

function rateBetween(from: Mark, to: Mark): number {
  return to.atMs > from.atMs ? ((to.done - from.done) * 1_000) / (to.atMs - from.atMs) : 0;
}

/** At the current speed until the burst is used up, then at the quota's; each user is one write. */
function secondsLeft(users: number, rate: number, { atOnce, perSecond }: Prospect, heldForMs: number): number {
  const fast = Math.min(users, atOnce);
  return heldForMs / 1_000 + fast / rate + (users - fast) / Math.min(rate, perSecond);
}

/** Milliseconds that Graph has asked this program to wait, for the limits that a wave uses. */
function heldMs({ held }: PaceStatus, nowMs: number): number {
  return held === null || held.limit === "audits" ? 0 : Math.max(0, held.untilMs - nowMs);
}
