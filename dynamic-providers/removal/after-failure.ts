import { describeFailure, quoteGraph, type GraphFailure } from "../../graph/client/failure";
import type { BlockReason } from "../../licensing/decision/block-reason";
import { passing, PAUSE_MS, type Pause } from "../writing/passing";

/** What comes next for a user whose removal failed. */
export type Next =
  /** @property sent it may have been done all the same */
  | { readonly kind: "again"; readonly sent: boolean; readonly pause: Pause | null }
  | { readonly kind: "blocked"; readonly reason: BlockReason; readonly isFinal: boolean }
  | { readonly kind: "gone" }
  | { readonly kind: "halt"; readonly reason: string };

const BEHIND: Pause = {
  ms: PAUSE_MS,
  what: "waiting for Graph to see its own writes",
  status: null,
  isAsked: false,
};

/** A wait that is longer than this is for the next run. */
const LONGEST_PAUSE_MS = 10 * 60_000;

/** What a failed removal of one user means. */
export function afterFailure(failure: GraphFailure, isLast: boolean): Next {
  switch (failure.kind) {
    case "lost":
      return { kind: "again", sent: true, pause: null };
    case "conflict":
      return isLast ? { kind: "blocked", reason: { kind: "user-locked" }, isFinal: false } : later(failure);
    case "notFound":
      return { kind: "gone" };
    case "licenseRule":
      // Somebody else removed it first, or Graph is behind: the next read tells.
      if (failure.rule === "notAssigned" || failure.rule === "onlyInherited") {
        return isLast ? refusedWith(failure.message, false) : { kind: "again", sent: false, pause: BEHIND };
      }
      return failure.rule === "dependency"
        ? { kind: "blocked", reason: { kind: "dependent-plan", detail: failure.plans.join(", ") }, isFinal: true }
        : refusedWith(failure.message, true);
    case "unexpected":
      return failure.status >= 400 && failure.status < 500
        ? refusedWith(failure.message, failure.status === 400)
        : { kind: "again", sent: true, pause: null };
    case "throttled":
    case "paced":
    case "unavailable":
    case "notYet":
      return later(failure);
    case "unreachable":
      return isLast ? halt(failure) : later(failure);
    case "outdated":
      return { kind: "again", sent: false, pause: null };
    case "signIn":
      return isLast ? halt(failure) : later(failure);
    case "forbidden":
      // A restricted administrative unit refuses any app this one user; that the app may write to nobody is told by the others.
      return refusedWith(quoteGraph(failure), true);
    case "alreadyMember":
    case "pageExpired":
    case "unsupportedQuery":
    case "stopped":
      return halt(failure);
  }
}

/** What does not pass halts the wave, and so does a wait of hours: no plan is kept in hand for so long. */
function later(failure: GraphFailure): Next {
  const pause = passing(failure);
  return pause === null || pause.ms > LONGEST_PAUSE_MS ? halt(failure) : { kind: "again", sent: false, pause };
}

function halt(failure: GraphFailure): Next {
  return { kind: "halt", reason: describeFailure(failure) };
}

/** A rule is broken as long as nothing changes, and says so with 400; any other status may be of that moment. */
function refusedWith(message: string, isFinal: boolean): Next {
  return { kind: "blocked", reason: { kind: "refused", detail: message }, isFinal };
}
