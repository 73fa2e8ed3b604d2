import type { Limit } from "../pacing/quotas";
import type { RetryCause } from "./retry";

/** What a request waits for. */
export interface WaitCause {
  /** `paced`: not Graph asks for it, but our share of a quota is used up for now, or is evened out. */
  readonly because: RetryCause | "paced";
  /** The limit that it waits for; `null`: none, or Graph names none. */
  readonly limit: Limit | null;
  /** The status that asks for it; `null` where no answer came, and where none was asked for. */
  readonly status: number | null;
  /** Nobody waits for this request any more: another one that was sent with it has failed. */
  readonly isMoot: () => boolean;
}

/** Time as the rest of this folder sees it, so that a caller can bring its own way to wait. */
export interface Pauses {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Returns `null` when the time is over or the wait is moot; earlier with a reason where the run is to stop: then the request
   * is not sent and fails with that reason. An `AbortSignal` would not do: it stays aborted, and what was written must still
   * be read back, by another client of the same tenant that waits to the end.
   */
  sleep(ms: number, why: WaitCause): Promise<string | null>;
  /** Asked before each write that rests on no proof: why it is not to be sent any more. Absent: it always is. */
  readonly stopReason?: StopReason;
}

export type Sleep = Pauses["sleep"];

/** Why the run is to stop; `null`: it goes on. */
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
