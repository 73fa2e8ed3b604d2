import { describeFailure, quoteGraph, type GraphFailure } from "../../graph/client/failure";
import { LONGEST_WAIT_MS } from "../../graph/client/limits";
import type { BlockReason } from "../../licensing/decision/block-reason";
import { PAUSE_MS } from "../writing/limits";
import { passing, type Pause } from "../writing/passing";

/** The next step for a user after a failed removal. */
export type Next =
  /** `sent`: the write may have taken effect. */
  | { readonly kind: "again"; readonly sent: boolean; readonly pause: Pause | null }
  | { readonly kind: "blocked"; readonly reason: BlockReason; readonly isFinal: boolean }
  | { readonly kind: "gone" }
  | { readonly kind: "halt"; readonly reason: string; readonly sent: boolean };

const BEHIND: Pause = {
  ms: PAUSE_MS,
  what: "waiting for Graph to see its own writes",
  status: null,
  isAsked: false,
};

/** Decides the next step after a failed removal. */
export function afterFailure(failure: GraphFailure, isLast: boolean): Next {
  switch (failure.kind) {
    case "lost":
    case "unseen":
      // check: a lost write may have been done
      return { kind: "again", sent: true, pause: null };
    case "conflict":
      return isLast ? { kind: "blocked", reason: { kind: "user-locked" }, isFinal: false } : later(failure);
    case "notFound":
      return { kind: "gone" };
    case "licenseRule":
      // Another program removed the licence first, or Graph lags: the next read tells.
      if (failure.rule === "notAssigned" || failure.rule === "onlyInherited") {
        return isLast ? refusedWith(failure.message, false) : { kind: "again", sent: false, pause: BEHIND };
      }
      // Another user was faster to the last seat of a swap; a seat may be free again for the next run.
      if (failure.rule === "noSeat") return refusedWith(failure.message, false);
      return failure.rule === "dependency"
        ? { kind: "blocked", reason: { kind: "dependent-plan", detail: failure.plans.join(", ") }, isFinal: true }
        : refusedWith(failure.message, true);
    case "unexpected":
      return failure.status >= 400 && failure.status < 500
        ? refusedWith(failure.message, failure.status === 400)
        : { kind: "again", sent: true, pause: null };
    case "unavailable":
      // A 503 with a time to wait is documented as a refusal. Were the write done all the same, only a read back tells.
      // check: a write that Graph refused as unavailable may have been done
      return { ...later(failure), sent: true };
    case "throttled":
    case "paced":
    case "notYet":
      return later(failure);
    case "unreachable":
      return isLast ? halt(failure) : later(failure);
    case "outdated":
      return { kind: "again", sent: false, pause: null };
    case "signIn":
      return isLast ? halt(failure) : later(failure);
    case "forbidden":
      // A restricted administrative unit refuses this user to any app. If the app may write to no user at all, the
      // other users show it.
      return refusedWith(quoteGraph(failure), true);
    case "alreadyMember":
    case "pageExpired":
    case "unsupportedQuery":
    case "stopped":
      return halt(failure);
  }
}

/** Halts for a failure that does not pass, and for a wait of hours, since no plan stays valid for so long. */
function later(failure: GraphFailure): Extract<Next, { readonly kind: "again" | "halt" }> {
  const pause = passing(failure);
  return pause === null || pause.ms > LONGEST_WAIT_MS ? halt(failure) : { kind: "again", sent: false, pause };
}

function halt(failure: GraphFailure): Extract<Next, { readonly kind: "halt" }> {
  return { kind: "halt", reason: describeFailure(failure), sent: false };
}

/**
 * Graph reports a broken rule with 400, and it stays broken until something changes; other statuses may be temporary.
 */
function refusedWith(message: string, isFinal: boolean): Next {
  return { kind: "blocked", reason: { kind: "refused", detail: message }, isFinal };
}
