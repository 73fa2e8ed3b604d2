import type { Purpose } from "./classify";
import type { Cost } from "../pacing/quotas";
import type { WriteReservation } from "../pacing/write-reservation";
import type { RequestKind, RetryCause } from "./retry";

export interface Call {
  readonly method: "GET" | "POST";
  /** Relative to the version, with its query: `/users?$top=999`; or a next link, which is followed as it is. */
  readonly url: string;
  readonly version?: "v1.0" | "beta";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A batch counts as a read if all its requests are reads. */
  readonly kind: RequestKind;
  readonly purpose: Purpose;
  /** Number of requests in a batch; 1 for a single request. */
  readonly requests?: number;
  /** URLs of the requests in a batch. */
  readonly urls?: readonly string[];
  /** Quota cost of a whole batch; the cost of a single request follows from its URL. */
  readonly cost?: Cost;
  /**
   * Checked just before the bytes are sent: false if the evidence for a write has become too old, for instance during a
   * sign-in.
   */
  readonly isGood?: (() => boolean) | undefined;
  /** The write reservation that this call uses. */
  readonly room?: WriteReservation | undefined;
  /** True once the caller no longer needs the answer; the request is then not repeated. */
  readonly isMoot?: () => boolean;
}

/**
 * Passes a request through the SDK's middleware chain. The SDK wraps errors and loses their type, so `thrown` keeps the
 * original error.
 */
export class CallOptions {
  thrown: unknown = null;

  constructor(
    readonly call: Call,
    /** Absolute, with the configured Graph's origin. */
    readonly url: string,
  ) {}
}

/** Events for progress output: requests sent, and the reason for each wait. */
export type RequestEvent =
  | {
      readonly kind: "sent";
      readonly method: string;
      readonly url: string;
      /** Number of Graph requests in it: the size of the batch, or 1. */
      readonly requests: number;
      readonly write: boolean;
    }
  | {
      readonly kind: "waiting";
      readonly because: RetryCause | "paced";
      /** Milliseconds since 1970. */
      readonly untilMs: number;
      /** Number of waiting requests: the size of the batch, or 1. */
      readonly requests: number;
    };

export type RequestObserver = (event: RequestEvent) => void;
