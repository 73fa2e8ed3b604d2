import type { GraphFailure, SignInReason } from "../../graph/client/failure";
import { CAUSES } from "./waits";

/** Where Graph names no time: another write is under way, or the network is away. */
export const PAUSE_MS = 2_000;

/** How long a write waits before it is decided again, and what for. */
export interface Pause {
  readonly ms: number;
  readonly what: string;
  readonly status: number | null;
  /** Graph has named the time: sent before that, the write would be refused again. */
  readonly isAsked: boolean;
  /** How long it may last in all; absent: as long as the write has patience. */
  readonly lastsMs?: number;
}

/** Ours: Entra knows a new group everywhere after a minute or so. */
const NOT_YET_LASTS_MS = 2 * 60_000;

/** What ends by itself, and how long to wait for its end; `null`: waiting does not help. */
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
      return { ms: PAUSE_MS, what: CAUSES.notYet, status: 404, isAsked: false, lastsMs: NOT_YET_LASTS_MS };
    case "lost":
      return { ms: PAUSE_MS, what: "waiting to write again after a lost answer", status: null, isAsked: false };
    case "unreachable":
      // A certificate does not mend itself; a network may.
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

/** The authority is out of order, or a token has ended: nothing is said about the credentials. */
function isMended(reason: SignInReason): boolean {
  return reason === "unavailable" || reason === "expired";
}

function asked(retryAfterMs: number | null, what: string, status: number | null): Pause {
  const isAsked = retryAfterMs !== null && retryAfterMs > 0;
  return { ms: isAsked ? retryAfterMs : PAUSE_MS, what, status, isAsked };
}
