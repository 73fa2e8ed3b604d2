import { LONGEST_WAIT_MS } from "../limits";
import type { RetryCause } from "../retry";
import type { Limit } from "./quotas";

/** When Graph wants to see a request again, and why. */
export interface Later {
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  readonly because: RetryCause;
  readonly status: number | null;
  readonly limit: Limit | null;
}

export const AT_ONCE: Later = { untilMs: 0, because: "throttled", status: null, limit: null };

/**
 * Reads that Graph has asked to come back for later, by URL. A refusal for want of quota holds all requests of that quota, see `Pacer`; any
 * other is about the one read, which two may make: units that overlap read the same groups. It waits whoever makes it, however urgent
 * that is: before its time it would be refused again.
 */
export class AskedLater {
  private readonly reads = new Map<string, Later>();

  note(url: string, later: Later, now: number): void {
    for (const [other, { untilMs }] of this.reads) if (untilMs <= now) this.reads.delete(other);
    if (later.untilMs > this.of(url).untilMs) this.reads.set(url, later);
  }

  /** A request that is given up, with what Graph asked for; a wait that is too long for a run is not kept. */
  noteRefusal(url: string, status: number, retryAfterMs: number | null, now: number): void {
    if (retryAfterMs === null || retryAfterMs > LONGEST_WAIT_MS) return;
    this.note(url, { untilMs: now + retryAfterMs, because: "unavailable", status, limit: null }, now);
  }

  of(url: string): Later {
    return this.reads.get(url) ?? AT_ONCE;
  }

  /** The last of them. */
  ofAll(urls: readonly string[]): Later {
    return urls.map((url) => this.of(url)).reduce((a, b) => (b.untilMs > a.untilMs ? b : a), AT_ONCE);
  }
}
