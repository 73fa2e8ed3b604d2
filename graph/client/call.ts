import type { Purpose } from "./classify";
import type { Cost } from "../pacing/quotas";
import type { Room } from "../pacing/write-reservation";
import type { RequestKind, RetryCause } from "./retry";

/** One HTTP request to Graph. */
export interface Call {
  readonly method: "GET" | "POST";
  /** Relative to the version, with its query: `/users?$top=999`; or a next link, which is followed as it is. */
  readonly url: string;
  readonly version?: "v1.0" | "beta";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A batch is a read when all requests in it are. */
  readonly kind: RequestKind;
  readonly purpose: Purpose;
  /** Requests of a batch; 1 where there is none. */
  readonly requests?: number;
  /** URLs of the requests in a batch. */
  readonly urls?: readonly string[];
  /** What the requests of a batch take of the quotas together; of any other call, its URL tells. */
  readonly cost?: Cost;
  /** Whether what a write rests on still holds, asked when its bytes are about to leave: after a sign-in it may not. */
  readonly isGood?: (() => boolean) | undefined;
  /** Room that was waited for beforehand. */
  readonly room?: Room | undefined;
  /** Whether nobody waits for the answer any more: then it is not sent again. */
  readonly isMoot?: () => boolean;
}

/**
 * Travels with a request through the SDK's chain. The SDK wraps every error that is thrown there and loses its type, so it is
 * left here as it was.
 */
export class CallOptions {
  thrown: unknown = null;

  constructor(
    readonly call: Call,
    /** Absolute, and of the configured Graph's origin. */
    readonly url: string,
  ) {}
}

/** What an observer hears: enough to count, and to show why nothing seems to happen. */
export type RequestEvent =
  | {
      readonly kind: "sent";
      readonly method: string;
      readonly url: string;
      /** How many Graph requests it carries: those of a batch, or 1. */
      readonly requests: number;
      readonly write: boolean;
    }
  | {
      readonly kind: "waiting";
      readonly because: RetryCause | "paced";
      /** Milliseconds since 1970. */
      readonly untilMs: number;
      /** How many requests wait: those of a batch, or 1. */
      readonly requests: number;
    };

export type RequestObserver = (event: RequestEvent) => void;
