/** Longer than any answer takes: a reading this far behind the others means that our own clock was set anew. */
const OUR_CLOCK_WAS_SET_MS = 2 * 60_000;

/**
 * Graph's time, by the `Date` headers of its answers. They are cut to the second and arrive late, so of many readings the one that
 * is furthest ahead is the nearest to the truth, and still never ahead of it.
 */
export class GraphClock {
  /** Graph's time less ours; `null`: no answer has told it yet. */
  #aheadOfOursMs: number | null = null;

  constructor(private readonly ours: () => number) {}

  hear(headers: Headers): void {
    const theirs = Date.parse(headers.get("Date") ?? "");
    if (Number.isNaN(theirs)) return;
    const reading = theirs - this.ours();
    const known = this.#aheadOfOursMs;
    if (known === null || reading > known || reading < known - OUR_CLOCK_WAS_SET_MS) this.#aheadOfOursMs = reading;
  }

  /** Milliseconds since 1970; by our own clock as long as no answer has told the time. */
  now(): number {
    return this.ours() + (this.#aheadOfOursMs ?? 0);
  }

  /** How far our clock is ahead of Graph's, to about a second; `null`: no answer has told the time. */
  oursAheadMs(): number | null {
    return this.#aheadOfOursMs === null ? null : 0 - this.#aheadOfOursMs;
  }
}
