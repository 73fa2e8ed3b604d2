import { sendInBatches } from "../client/batch";
import type { GraphHttp } from "../client/http";
import { restOf, type Listing } from "../client/pages";
import { allPresent, foundIn } from "./reads-by-id";

/**
 * Listings that are known to be short, their first pages in batches; the keys are the words as given.
 *
 * @throws {GraphError} for the first listing that cannot be read
 */
export async function listEach(
  http: GraphHttp,
  words: readonly string[],
  query: (word: string) => Listing,
): Promise<Map<string, unknown[]>> {
  const requests = words.map((word) => ({ ...query(word), method: "GET" as const }));
  const results = await sendInBatches(http, "read", requests);
  const first = allPresent(new Map(words.map((word, at) => [word, foundIn(results[at], (body) => ({ body }))])));
  const lists = new Map<string, unknown[]>();
  for (const [word, { body }] of first) lists.set(word, await restOf(http, body, query(word)));
  return lists;
}
