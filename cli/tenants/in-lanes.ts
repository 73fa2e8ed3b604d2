import { availableParallelism, freemem } from "node:os";

/** What a run of the engine takes with its program and its provider, for a tenant of 100,000 users. */
const BYTES_PER_RUN = 1.5 * 1024 ** 3;

/** Each has quotas of its own at Graph, and this machine's network is one: more at a time make each slower. */
const MOST = 8;

/** How many runs this machine can hold side by side. */
export function roomForRuns(freeBytes = freemem(), cores = availableParallelism()): number {
  return Math.max(1, Math.min(MOST, cores, Math.floor(freeBytes / BYTES_PER_RUN)));
}

/** Works on all, so many at a time, in order; the results stand in the order of the items, however long each took. */
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
