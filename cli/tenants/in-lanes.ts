import { availableParallelism, freemem } from "node:os";

/** Memory of an engine run with program and provider for a tenant of 100,000 users. */
const BYTES_PER_RUN = 1.5 * 1024 ** 3;

/** Graph's quotas are per tenant, but all runs share this machine's network: more runs would only slow each other down. */
const MOST = 8;

/** Number of runs that this machine can hold in parallel. */
export function roomForRuns(freeBytes = freemem(), cores = availableParallelism()): number {
  return Math.max(1, Math.min(MOST, cores, Math.floor(freeBytes / BYTES_PER_RUN)));
}

/** Processes the items in order, `lanes` at a time. Results are in the order of the items. */
export async function inLanes<T, R>(items: readonly T[], lanes: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items.entries()];
  const lane = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [at, item] = next;
      results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, lanes) }, lane));
  return results;
}
