import { LONGEST_WAIT_MS } from "../client/limits";
import type { RequestKind, RetryCause } from "../client/retry";
import type { Limit } from "./quotas";

/** When Graph wants to see a request again, and why. */
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
 * Requests that Graph has asked to come back for later, by URL. A refusal for want of quota holds all requests of that quota, see `Pacer`; any
 * other is about the one request, which two may make: units that overlap read the same groups. It waits whoever makes it, however urgent
 * that is: before its time it would be refused again.
 */
export class AskedLater {
  private readonly byUrl = new Map<string, Later>();

  note(url: string, later: Later, now: number): void {
    for (const [other, { untilMs }] of this.byUrl) if (untilMs <= now) this.byUrl.delete(other);
    if (later.untilMs > this.of(url).untilMs) this.byUrl.set(url, later);
  }

  /**
   * A request that is given up, with what Graph asked for. A run ends with a read that would have to wait for too long; a write is tried
   * once more at its end, and not before its time.
   */
  noteRefusal(url: string, kind: RequestKind, { status, retryAfterMs }: Refused, now: number): void {
    if (retryAfterMs === null || (kind === "read" && retryAfterMs > LONGEST_WAIT_MS)) return;
    this.note(url, { untilMs: now + retryAfterMs, because: "unavailable", status, limit: null }, now);
  }

  of(url: string): Later {
    return this.byUrl.get(url) ?? AT_ONCE;
  }

  /** The last of them. */
  ofAll(urls: readonly string[]): Later {
    return urls.map((url) => this.of(url)).reduce((a, b) => (b.untilMs > a.untilMs ? b : a), AT_ONCE);
  }
}
