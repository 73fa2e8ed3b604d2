import { describeFailure, type GraphFailure } from "../../graph/failure";
import type { BlockReason } from "../../licensing/block-reason";
import { PAUSE_MS } from "../tried-again";
import { CAUSES } from "../waits";

/** How long users wait before they are read and decided anew, and what for. */
export interface Pause {
  readonly ms: number;
  readonly what: string;
  readonly status: number | null;
}

/** What comes next for a user whose removal failed. */
export type Next =
  /** @property sent it may have been done all the same */
  | { readonly kind: "again"; readonly sent: boolean; readonly pause: Pause | null }
  | { readonly kind: "blocked"; readonly reason: BlockReason; readonly isFinal: boolean }
  | { readonly kind: "gone" }
  | { readonly kind: "halt"; readonly reason: string };

/** A wait that is longer than this is for the next run. */
const LONGEST_PAUSE_MS = 10 * 60_000;

/** What a failed removal of one user means. */
export function afterFailure(failure: GraphFailure, isLast: boolean): Next {
  switch (failure.kind) {
    case "lost":
      return { kind: "again", sent: true, pause: null };
    case "throttled":
      return later(failure, { ms: failure.retryAfterMs, what: CAUSES.throttled, status: 429 });
    case "paced":
      return later(failure, { ms: failure.retryAfterMs, what: CAUSES.paced, status: null });
    case "conflict":
      return isLast
        ? { kind: "blocked", reason: { kind: "user-locked" }, isFinal: false }
        : later(failure, { ms: PAUSE_MS, what: "waiting for another write", status: 409 });
    case "notFound":
      return { kind: "gone" };
    case "licenseRule":
      // Somebody else removed it first, or Graph is behind: the next read tells.
      if (failure.rule === "notAssigned" || failure.rule === "onlyInherited") {
        return isLast
          ? refusedWith(failure.message, false)
          : later(failure, { ms: PAUSE_MS, what: "waiting for Graph to see its own writes", status: null });
      }
      return failure.rule === "dependency"
        ? { kind: "blocked", reason: { kind: "dependent-plan", detail: failure.plans.join(", ") }, isFinal: true }
        : refusedWith(failure.message, true);
    case "unexpected":
      return failure.status >= 400 && failure.status < 500
        ? refusedWith(failure.message, failure.status === 400)
        : { kind: "again", sent: true, pause: null };
    case "unavailable":
      return later(failure, {
        ms: failure.retryAfterMs ?? PAUSE_MS,
        what: CAUSES.unavailable,
        status: failure.status,
      });
    case "unreachable":
      // A certificate does not mend itself; a network may.
      return failure.reason === "certificate" || isLast
        ? { kind: "halt", reason: describeFailure(failure) }
        : later(failure, { ms: PAUSE_MS, what: CAUSES.unreachable, status: null });
    case "signIn":
    case "forbidden":
    case "alreadyMember":
    case "pageExpired":
    case "unsupportedQuery":
    case "stopped":
      return { kind: "halt", reason: describeFailure(failure) };
  }
}

/** Waits as long as Graph says, though never for hours with a plan in hand that gets old: then the wave halts. */
function later(failure: GraphFailure, asked: Pause): Next {
  if (asked.ms > LONGEST_PAUSE_MS) return { kind: "halt", reason: describeFailure(failure) };
  return { kind: "again", sent: false, pause: asked };
}

/** A rule is broken as long as nothing changes, and says so with 400; any other status may be of that moment. */
function refusedWith(message: string, isFinal: boolean): Next {
  return { kind: "blocked", reason: { kind: "refused", detail: message }, isFinal };
}
