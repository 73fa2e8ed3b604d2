/** What the benchmark wants of the embedded Graph, and what that tells of a run: plain data, they are two processes. */

export interface GraphWishes {
  readonly users: number;
  /** True if the groups have their licences and all members inherit them, so that only direct licences remain to be removed. */
  readonly isLicensed: boolean;
  /** Number of users with an error in the group for all users. Their direct licences must stay. */
  readonly inError?: number;
  readonly latencyMs: number;
  /** Graph's quotas with time that runs this many times as fast; absent: none. */
  readonly quotaSpeedUp?: number;
  /** The share of requests, from 0 to 1, that meet trouble. */
  readonly trouble?: number;
}

export interface GraphAddress {
  readonly url: string;
  readonly caFile: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** From the start of the process until it listens. */
  readonly startMs: number;
}

/** Since it was last asked to begin anew. */
export interface GraphFigures {
  readonly http: number;
  readonly writes: number;
  readonly resourceUnits: number;
  /** Requests and items of batches for which the quota was used up. */
  readonly throttled: number;
  /** Requests sent before the wait was over that an answer to the same request had asked for. */
  readonly early: number;
  /** Direct assignments that went. */
  readonly removed: number;
  /** Each plan counted that a user had and then had not, at any moment. */
  readonly servicesLost: number;
  readonly cpuMs: number;
  readonly peakMegabytes: number;
  /** Between the first and the last removal that took effect. */
  readonly busyMs: number;
}

export type GraphRequest = { readonly do: "begin" | "tell" } | { readonly do: "start"; readonly wishes: GraphWishes };
export type GraphAnswer =
  | { readonly is: "listening"; readonly address: GraphAddress }
  | { readonly is: "figures"; readonly figures: GraphFigures };
