import { GraphError } from "../graph-error";

/** The properties of a request that a fault rule can match. */
export interface FaultTarget {
  readonly method: string;
  /** Without the version, with the query. */
  readonly path: string;
  readonly inBatch: boolean;
  /** The id of the user in the path, if there is one. */
  readonly userId: string | undefined;
  /** The JSON text of the body; empty without one. */
  readonly body: string;
}

export interface FaultMatch {
  readonly method?: string;
  readonly path?: RegExp;
  /** Default: both whole requests and items of a batch. */
  readonly inBatch?: boolean;
  readonly userId?: string;
  readonly body?: RegExp;
}

export interface ErrorAnswer {
  readonly status: 400 | 401 | 403 | 404 | 409 | 429 | 500 | 502 | 503 | 504;
  /** In seconds. */
  readonly retryAfter?: number;
  readonly code?: string;
  readonly message?: string;
  /** True if the request is carried out before the error is returned. */
  readonly afterDoing?: boolean;
}

export type FaultEffect =
  | ErrorAnswer
  /** The connection breaks before the request is carried out; an item of a batch gets a 503. */
  | "reset"
  /** The request is carried out but its response is lost: the connection breaks; an item of a batch gets a 504. */
  | "lost"
  | { readonly delayMs: number }
  /** The write gets a success response but is not carried out. */
  | "ignored"
  /** The response body is replaced, for example by an outdated state or a user without licence states. */
  | { readonly rewrite: (body: Record<string, unknown>) => unknown }
  /** Runs another change in the tenant first, then the request. */
  | ((target: FaultTarget) => void | Promise<void>);

export interface FaultRule {
  readonly match?: FaultMatch;
  /** Number of times that the rule applies. Default: unlimited. */
  readonly times?: number;
  /** Number of matching requests that pass first. */
  readonly after?: number;
  /** From 0 to 1, drawn from a seeded sequence. */
  readonly probability?: number;
  readonly then: FaultEffect;
}

export interface FaultHandle {
  /** Number of requests that the rule has affected so far. */
  readonly hits: number;
  remove(): void;
}

export type Verdict =
  | "go on"
  | "reset"
  | "lost"
  | "ignored"
  | { readonly rewrite: (body: Record<string, unknown>) => unknown }
  | { readonly error: GraphError; readonly afterDoing: boolean };

interface Standing {
  readonly rule: FaultRule;
  seen: number;
  hits: number;
}

/** Injects faults. Rules are tried in the order in which they were added; the first that ends the request wins. */
export class Faults {
  #standing: Standing[] = [];
  #random: () => number;

  constructor(seed = 1) {
    this.#random = sequence(seed);
  }

  add(rule: FaultRule): FaultHandle {
    const standing: Standing = { rule, seen: 0, hits: 0 };
    this.#standing.push(standing);
    return {
      get hits() {
        return standing.hits;
      },
      remove: () => {
        this.#standing = this.#standing.filter((other) => other !== standing);
      },
    };
  }

  clear(): void {
    this.#standing = [];
  }

  /** Restarts the random sequence. */
  seed(seed: number): void {
    this.#random = sequence(seed);
  }

  async before(target: FaultTarget): Promise<Verdict> {
    for (const standing of [...this.#standing]) {
      if (!this.#strikes(standing, target)) continue;
      const { then } = standing.rule;
      if (then === "reset" || then === "lost" || then === "ignored") return then;
      if (typeof then === "function") await then(target);
      else if ("rewrite" in then) return then;
      else if ("delayMs" in then) await new Promise((done) => setTimeout(done, then.delayMs));
      else return { error: errorOf(then), afterDoing: then.afterDoing ?? false };
    }
    return "go on";
  }

  #strikes(standing: Standing, target: FaultTarget): boolean {
    const { match = {}, times = Infinity, after = 0, probability = 1 } = standing.rule;
    const fits =
      (match.method === undefined || match.method === target.method) &&
      (match.path === undefined || match.path.test(target.path)) &&
      (match.inBatch === undefined || match.inBatch === target.inBatch) &&
      (match.userId === undefined || match.userId === target.userId) &&
      (match.body === undefined || match.body.test(target.body));
    if (!fits || standing.hits >= times || standing.seen++ < after) return false;
    if (probability < 1 && this.#random() >= probability) return false;
    standing.hits++;
    return true;
  }
}

const usual: Readonly<Record<ErrorAnswer["status"], readonly [code: string, message: string]>> = {
  400: ["Request_BadRequest", "Bad request."],
  401: ["InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."],
  403: ["Authorization_RequestDenied", "Insufficient privileges to complete the operation."],
  404: [
    "Request_ResourceNotFound",
    "Resource does not exist or one of its queried reference-property objects are not present.",
  ],
  409: [
    "Directory_ConcurrencyViolation",
    "Error due to concurrent requests being made to the tenant. Please wait briefly and retry.",
  ],
  429: ["TooManyRequests", "Too many requests."],
  500: ["InternalServerError", "The server encountered an internal error."],
  502: ["BadGateway", "Bad gateway."],
  503: ["ServiceUnavailable", "The service is temporarily unavailable."],
  504: ["GatewayTimeout", "The server, while acting as a proxy, did not receive a timely response."],
};

export function errorOf({ status, retryAfter, code, message }: ErrorAnswer): GraphError {
  const [usualCode, usualMessage] = usual[status];
  const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return new GraphError(status, code ?? usualCode, message ?? usualMessage, headers);
}

/** Mulberry32: the same seed gives the same faults. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
