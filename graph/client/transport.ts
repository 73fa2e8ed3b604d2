import type { AwaitedGroups } from "./awaited-groups";
import type { RequestObserver } from "./call";
import type { GraphClock } from "./graph-clock";
import type { Pacer } from "../pacing/pacer";
import type { Pauses } from "./pauses";
import type { TokenSource } from "../signin/token-source";

/** State that all handlers of a client share. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  readonly tokens: TokenSource;
  readonly pauses: Pauses;
  /** Updated by each answer. */
  readonly clock: GraphClock;
  readonly pacer: Pacer;
  /** Skips the queue: the request repairs or reads back a user that was just written to. */
  readonly isUrgent: boolean;
  readonly awaited: AwaitedGroups;
  readonly random: () => number;
  readonly requestTimeoutMs: number | undefined;
  readonly observe: RequestObserver;
}
