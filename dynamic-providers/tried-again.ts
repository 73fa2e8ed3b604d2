import type { GraphFailure } from "../graph/failure";

/** How often a write is tried that does no harm when it is made twice, and that met another one or was not answered. */
export const ATTEMPTS = 10;

/** Where Graph says nothing about how long to wait: another write is under way, or the network is away. */
export const PAUSE_MS = 2_000;

const PASSING: ReadonlySet<GraphFailure["kind"]> = new Set([
  "conflict",
  "lost",
  "throttled",
  "unavailable",
  "unreachable",
]);

export function mayPass({ kind }: GraphFailure): boolean {
  return PASSING.has(kind);
}

/** As long as Graph asked after any of them, however long that is: sent before that, the write would be refused again. */
export function pauseAfter(failures: readonly GraphFailure[]): number {
  return Math.max(
    PAUSE_MS,
    ...failures.map((failure) => ("retryAfterMs" in failure ? (failure.retryAfterMs ?? 0) : 0)),
  );
}
