import type { Emulator } from "../../emulator";
import { costOf } from "../../graph/pacing/price";
import { costOfAll, LIMITS, QUOTAS, type Cost, type Limit, type Quota } from "../../graph/pacing/quotas";

/** The load that a step put on Graph. */
export interface Load {
  /** HTTP requests; a batch counts as one. */
  readonly requests: number;
  /** Requests that change something, each item of a batch by itself. */
  readonly writes: number;
  /** In Graph's documented units. */
  readonly cost: Cost;
  /** Number of 429 responses. */
  readonly throttled: number;
  /** Retries sent before the `Retry-After` time had passed. */
  readonly early: number;
}

/** Starts measuring; the returned function gives the load since then. */
export function measuring({ requests }: Emulator): () => Load {
  const from = requests.all().length;
  const written = requests.writes().length;
  return () => {
    const entries = requests.all().slice(from);
    // A batch costs the sum of its requests. Throttled requests cost nothing.
    const paid = entries.filter(({ path, status }) => path !== "/$batch" && status !== 429);
    return {
      requests: entries.filter(({ inBatch }) => !inBatch).length,
      writes: requests.writes().length - written,
      cost: costOfAll(paid.map(({ method, path }) => costOf(method, path))),
      throttled: entries.filter(({ status }) => status === 429).length,
      early: entries.filter(({ early }) => early).length,
    };
  };
}

/**
 * The least time that a step takes in the real tenant: its counted requests at this program's pace. Measured time would only
 * show how fast this machine is. Entra's own processing of the groups comes on top.
 *
 * @param users the tenant's known number of users
 * @param pace the share of Graph's quotas that is used
 */
export function atRealQuotaMs(cost: Cost, users: number, pace: number): number {
  const times = LIMITS.map((limit) => {
    const { amount, windowMs } = quotaOf(limit, users);
    return (cost[limit] / (amount * pace)) * windowMs;
  });
  return Math.round(Math.max(...times));
}

function quotaOf(limit: Limit, users: number): Quota {
  if (limit !== "units") return QUOTAS[limit];
  return QUOTAS.units.find(({ fromUsers }) => users >= fromUsers) ?? { amount: Infinity, windowMs: 0 };
}
