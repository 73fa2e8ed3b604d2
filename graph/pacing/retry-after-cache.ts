import { LONGEST_WAIT_MS } from "../client/limits";
import type { RequestKind, RetryCause } from "../client/retry";
import type { Limit } from "./quotas";

/** When Graph wants a request again, and why. */
export interface Later {
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  readonly because: RetryCause;
  readonly status: number | null;
  readonly limit: Limit | null;
}

interface Refused {
  readonly status: number;
  readonly retryAfterMs: number | null;
}

export const AT_ONCE: Later = { untilMs: 0, because: "throttled", status: null, limit: null };

/**
 * Times from Graph's `Retry-After`, by URL, for refusals that are not about a quota (the `Pacer` has those).
 * Overlapping units read the same groups, so a second caller waits too, even an urgent one: before that time, Graph
 * would refuse again.
 */
export class RetryAfterCache {
  private readonly byUrl = new Map<string, Later>();

  note(url: string, later: Later, now: number): void {
    for (const [other, { untilMs }] of this.byUrl) if (untilMs <= now) this.byUrl.delete(other);
    if (later.untilMs > this.of(url).untilMs) this.byUrl.set(url, later);
  }

  /**
   * Records the `Retry-After` of a request that is given up. A longer wait than a run accepts is ignored for reads; a
   * write is tried once more at the end of the run, and not before that time.
   */
  noteRefusal(url: string, kind: RequestKind, { status, retryAfterMs }: Refused, now: number): void {
    if (retryAfterMs === null || (kind === "read" && retryAfterMs > LONGEST_WAIT_MS)) return;
    this.note(url, { untilMs: now + retryAfterMs, because: "unavailable", status, limit: null }, now);
  }

  of(url: string): Later {
    return this.byUrl.get(url) ?? AT_ONCE;
  }

  /** The latest time of these URLs. */
  ofAll(urls: readonly string[]): Later {
    return urls.map((url) => this.of(url)).reduce((a, b) => (b.untilMs > a.untilMs ? b : a), AT_ONCE);
  }
}
