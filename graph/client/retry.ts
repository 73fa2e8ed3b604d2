import {
  FIRST_BACKOFF_MS,
  FIRST_POLL_MS,
  LONGEST_BACKOFF_MS,
  LONGEST_POLL_MS,
  LONGEST_WAIT_MS,
  REPETITIONS,
} from "./limits";

/**
 * Whether and when a request is sent again, as a pure table. The SDK's own handler does not serve: it repeats a POST
 * after a 504, which hides a write that took effect.
 */

/**
 * A read may always be repeated; a write only if it certainly had no effect. A proven write is never repeated, because
 * its proof is too old after a wait: its sender reads and decides again.
 */
export type RequestKind = "read" | "write" | "provenWrite";

/** Failures below HTTP. In the first four cases nothing was sent. */
export type NetworkTrouble =
  "dns" | "refused" | "proxy" | "connectTimeout" | "certificate" | "timeout" | "reset" | "other";

export type Answer =
  { readonly status: number; readonly retryAfterMs: number | null } | { readonly trouble: NetworkTrouble };

export type RetryDecision =
  /** The answer is final, success or not. */
  | { readonly next: "accept" }
  | { readonly next: "repeat"; readonly afterMs: number; readonly because: RetryCause }
  | { readonly next: "renewToken" }
  /** The write may or may not have taken effect. */
  | { readonly next: "lost" };

export type RetryCause = "throttled" | "unavailable" | "unreachable" | "notYet";

/** Repetitions of a request so far, by cause. */
export type RetryHistory = Readonly<Record<RetryCause, number>> & { readonly tokenRenewed: boolean };

export const NEVER_REPEATED: RetryHistory = {
  throttled: 0,
  unavailable: 0,
  unreachable: 0,
  notYet: 0,
  tokenRenewed: false,
};

const ACCEPT: RetryDecision = { next: "accept" };
const LOST: RetryDecision = { next: "lost" };

/**
 * Decides what to do with an answer.
 *
 * @param jitter from 0 to 1, spreads the pauses of several clients; `Retry-After` is never shortened or spread
 * @param isAwaited the group in the URL is known to exist, so a 404 means "not yet"
 */
export function decideRetry(
  kind: RequestKind,
  answer: Answer,
  history: RetryHistory,
  jitter: number,
  isAwaited = false,
): RetryDecision {
  const decision = decideFreely(kind, answer, history, jitter, isAwaited);
  // check: a removal is not sent again on its old proof
  return kind === "provenWrite" && decision.next === "repeat" ? ACCEPT : decision;
}

function decideFreely(
  kind: RequestKind,
  answer: Answer,
  history: RetryHistory,
  jitter: number,
  isAwaited: boolean,
): RetryDecision {
  if ("trouble" in answer) return decideAfterTrouble(kind, answer.trouble, history, jitter);
  const { status, retryAfterMs } = answer;
  switch (status) {
    case 429:
      // Graph documents that a 429 is refused before any work, so a write is safe to repeat.
      return repeat("throttled", history, retryAfterMs, jitter);
    case 404:
      // A write is not repeated here: its evidence was read before the wait, so its sender decides again.
      return isAwaited && kind === "read" ? repeatNotYet(history) : ACCEPT;
    case 401:
      return history.tokenRenewed ? ACCEPT : { next: "renewToken" };
    case 503:
      // "You may repeat the request after a delay, the length of which may be specified in a Retry-After header". With
      // the header, the service itself refused; without it, a proxy may have answered for a write that took effect.
      if (kind === "read" || retryAfterMs !== null) return repeat("unavailable", history, retryAfterMs, jitter);
      return LOST;
    case 408:
    case 500:
    case 502:
    case 504:
      // check: a write that may have been done is not repeated
      return kind === "read" ? repeat("unavailable", history, retryAfterMs, jitter) : LOST;
    default:
      return ACCEPT;
  }
}

/** The history after a decision. */
export function recordRetry(history: RetryHistory, decision: RetryDecision): RetryHistory {
  if (decision.next === "renewToken") return { ...history, tokenRenewed: true };
  if (decision.next !== "repeat") return history;
  return { ...history, [decision.because]: history[decision.because] + 1 };
}

function decideAfterTrouble(
  kind: RequestKind,
  trouble: NetworkTrouble,
  history: RetryHistory,
  jitter: number,
): RetryDecision {
  switch (trouble) {
    case "certificate":
      return ACCEPT;
    case "dns":
    case "refused":
    case "proxy":
    case "connectTimeout":
      return repeat("unreachable", history, null, jitter);
    case "timeout":
    case "reset":
    case "other":
      return kind === "read" ? repeat("unreachable", history, null, jitter) : LOST;
  }
}

function repeat(
  because: RetryCause,
  history: RetryHistory,
  retryAfterMs: number | null,
  jitter: number,
): RetryDecision {
  if (history[because] >= REPETITIONS[because]) return ACCEPT;
  if (retryAfterMs !== null && retryAfterMs > LONGEST_WAIT_MS) return ACCEPT;
  // check: Retry-After is waited for
  return { next: "repeat", because, afterMs: retryAfterMs ?? pause(history[because], jitter) };
}

function repeatNotYet({ notYet }: RetryHistory): RetryDecision {
  if (notYet >= REPETITIONS.notYet) return ACCEPT;
  return { next: "repeat", because: "notYet", afterMs: Math.min(LONGEST_POLL_MS, FIRST_POLL_MS * 2 ** notYet) };
}

/** Exponential backoff with jitter: at least half of the bound is always waited. */
function pause(repetitions: number, jitter: number): number {
  const longest = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** repetitions);
  return Math.round(longest / 2 + (longest / 2) * jitter);
}
