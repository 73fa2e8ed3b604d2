import type { Emulator } from "../../emulator";
import { costOf } from "../../graph/pacing/price";
import { costOfAll, type Cost } from "../../graph/pacing/quotas";

/** The load that a step put on Graph. */
export interface Load {
  /** HTTP requests; a batch counts as one. */
  readonly requests: number;
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
  return () => {
    const entries = requests.all().slice(from);
    // A batch costs the sum of its requests. Throttled requests cost nothing.
    const paid = entries.filter(({ path, status }) => path !== "/$batch" && status !== 429);
    return {
      requests: entries.filter(({ inBatch }) => !inBatch).length,
      cost: costOfAll(paid.map(({ method, path }) => costOf(method, path))),
      throttled: entries.filter(({ status }) => status === 429).length,
      early: entries.filter(({ early }) => early).length,
    };
  };
}
