import type { GraphFailure, SignInReason } from "../../graph/client/failure";
import { NEW_GROUP_AWAITED_MS } from "../../graph/client/limits";
import { PAUSE_MS } from "./limits";
import { CAUSES } from "./waits";

/** A wait before a write is decided again, and its cause. */
export interface Pause {
  readonly ms: number;
  readonly what: string;
  readonly status: number | null;
  /** True if Graph gave the time; an earlier write would be refused again. */
  readonly isAsked: boolean;
  /** Longest total wait for this cause; if absent, as long as the write's patience lasts. */
  readonly lastsMs?: number;
}

/** The wait for a failure that passes; `null` if waiting does not help. */
export function passing(failure: GraphFailure): Pause | null {
  switch (failure.kind) {
    case "throttled":
      return asked(failure.retryAfterMs, CAUSES.throttled, 429);
    case "paced":
      return asked(failure.retryAfterMs, CAUSES.paced, null);
    case "unavailable":
      return asked(failure.retryAfterMs, CAUSES.unavailable, failure.status);
    case "conflict":
      return { ms: PAUSE_MS, what: "waiting for another write", status: 409, isAsked: false };
    case "notYet":
      return { ms: PAUSE_MS, what: CAUSES.notYet, status: 404, isAsked: false, lastsMs: NEW_GROUP_AWAITED_MS };
    case "lost":
      return { ms: PAUSE_MS, what: "waiting to write again after a lost answer", status: null, isAsked: false };
    case "unseen":
      return { ms: PAUSE_MS, what: "waiting for a read that shows the write", status: null, isAsked: false };
    case "unreachable":
      // A certificate does not repair itself; a network may.
      return failure.reason === "certificate"
        ? null
        : { ms: PAUSE_MS, what: CAUSES.unreachable, status: null, isAsked: false };
    case "outdated":
      return { ms: 0, what: "waiting to read again", status: null, isAsked: false };
    case "signIn":
      return isMended(failure.reason)
        ? { ms: PAUSE_MS, what: "waiting for the sign-in", status: null, isAsked: false }
        : null;
    case "forbidden":
    case "notFound":
    case "licenseRule":
    case "alreadyMember":
    case "pageExpired":
    case "unsupportedQuery":
    case "stopped":
    case "unexpected":
      return null;
  }
}

/** The authority is unavailable, or a token has expired: the credentials may be valid. */
function isMended(reason: SignInReason): boolean {
  return reason === "unavailable" || reason === "expired";
}

function asked(retryAfterMs: number | null, what: string, status: number | null): Pause {
  const isAsked = retryAfterMs !== null && retryAfterMs > 0;
  return { ms: isAsked ? retryAfterMs : PAUSE_MS, what, status, isAsked };
}
