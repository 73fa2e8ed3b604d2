import type { Emulator } from "../../emulator";
import { costOf } from "../../graph/pacing/price";
import { costOfAll, type Cost } from "../../graph/pacing/quotas";

/** What a step asked of Graph. */
export interface Load {
  /** Over the wire: a batch is one. */
  readonly requests: number;
  /** At Graph's prices. */
  readonly cost: Cost;
  /** Answers that said to come again later. */
  readonly throttled: number;
  /** Came again before that. */
  readonly early: number;
}

/** Counts from now on. */
export function measuring({ requests }: Emulator): () => Load {
  const from = requests.all().length;
  return () => {
    const entries = requests.all().slice(from);
    // A batch costs what is in it, and what is refused costs nothing.
    const paid = entries.filter(({ path, status }) => path !== "/$batch" && status !== 429);
    return {
      requests: entries.filter(({ inBatch }) => !inBatch).length,
      cost: costOfAll(paid.map(({ method, path }) => costOf(method, path))),
      throttled: entries.filter(({ status }) => status === 429).length,
      early: entries.filter(({ early }) => early).length,
    };
  };
}
