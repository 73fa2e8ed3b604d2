import type { Limit } from "../pacing/quotas";
import type { RetryCause } from "./retry";

/** The reason for a wait, and when it ends early. */
export interface WaitCause {
  /** `paced`: our own share of a quota is used up, or requests are being spread out; Graph did not ask for the wait. */
  readonly because: RetryCause | "paced";
  /** The limit that was hit; `null` if there is none or Graph names none. */
  readonly limit: Limit | null;
  /** The status that caused the wait; `null` without an answer. */
  readonly status: number | null;
  /** True once the result is no longer needed, because another request of the same call has failed. */
  readonly isMoot: () => boolean;
}

/** The clock and the way to wait, so that a caller can supply its own. */
export interface Pauses {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Resolves to `null` when the time is over or the wait is moot; early, with a reason, if the run must stop: the
   * request then fails with that reason. Not an `AbortSignal`: it stays aborted, while writes must still be read back.
   */
  sleep(ms: number, why: WaitCause): Promise<string | null>;
  /**
   * Asked before each write without a proof; a reason means that the write is not sent. If absent, writes are always
   * sent.
   */
  readonly stopReason?: StopReason;
}

export type Sleep = Pauses["sleep"];

/** The reason why the run must stop; `null` if it goes on. */
export type StopReason = () => Promise<string | null>;

export const REAL_PAUSES: Pauses = {
  now: () => Date.now(),
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(() => {
        resolve(null);
      }, ms);
    }),
};
