import type { AwaitedGroups } from "./awaited-groups";
import type { RequestObserver } from "./call";
import type { GraphClock } from "./graph-clock";
import type { Pacer } from "../pacing/pacer";
import type { Pauses } from "./pauses";
import type { TokenSource } from "../signin/token-source";

/** What our own handlers share. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  readonly tokens: TokenSource;
  readonly pauses: Pauses;
  /** Hears each answer. */
  readonly clock: GraphClock;
  readonly pacer: Pacer;
  /** It must not wait for anybody: it looks after somebody who was just written to. */
  readonly isUrgent: boolean;
  readonly awaited: AwaitedGroups;
  readonly random: () => number;
  readonly requestTimeoutMs: number | undefined;
  readonly observe: RequestObserver;
}
