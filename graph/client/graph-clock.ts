import { CLOCK_WAS_SET_MS } from "./limits";

/**
 * Graph's time, from the `Date` headers of its answers. Headers are cut to the second and arrive late, so the reading
 * that is furthest ahead is the most accurate one; it is never ahead of the true time.
 */
export class GraphClock {
  /** Graph's time minus this machine's; `null` before the first answer. */
  #aheadOfOursMs: number | null = null;

  constructor(private readonly ours: () => number) {}

  hear(headers: Headers): void {
    const theirs = Date.parse(headers.get("Date") ?? "");
    if (Number.isNaN(theirs)) return;
    const reading = theirs - this.ours();
    const known = this.#aheadOfOursMs;
    if (known === null || reading > known || reading < known - CLOCK_WAS_SET_MS) this.#aheadOfOursMs = reading;
  }

  /** Milliseconds since 1970, by Graph's clock; by this machine's before the first answer. */
  now(): number {
    return this.ours() + (this.#aheadOfOursMs ?? 0);
  }

  /**
   * Milliseconds by which this machine's clock is ahead of Graph's, to about a second; `null` before the first answer.
   */
  oursAheadMs(): number | null {
    return this.#aheadOfOursMs === null ? null : 0 - this.#aheadOfOursMs;
  }
}
