import { isGuid, type Guid } from "../../licensing/model";
import { sendInBatches, type BatchRequest, type BatchResult } from "../client/batch";
import { GraphError, isFailure, type GraphFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import { restOf, type Listing } from "../client/pages";

/** The object, or the failure to read it. */
export type Found<T> = T | GraphFailure;

/** Reads objects by id, in batches; the keys are the ids as given. */
export async function readEach<T extends object>(
  http: GraphHttp,
  ids: readonly string[],
  query: (id: string) => BatchRequest,
  read: (wire: unknown) => T,
): Promise<Map<string, Found<T>>> {
  const results = await sendInBatches(http, "read", ids.map(query));
  return new Map(ids.map((id, index) => [id, foundIn(results[index], about(id, read))]));
}

/** @throws {GraphError} for the first object that could not be read */
export function allPresent<T extends object>(found: ReadonlyMap<Guid, Found<T>>): Map<Guid, T> {
  return new Map(
    [...found].map(([id, each]) => {
      if (isFailure(each)) throw new GraphError(each);
      return [id, each];
    }),
  );
}

/** Each id once, in lower case. */
export function distinct(ids: Iterable<Guid>): Guid[] {
  return [...new Set([...ids].map((id) => id.toLowerCase()))];
}

/** Rejects an answer about another object: the licences of one user say nothing about another. */
export function about<T extends object>(id: string, read: (wire: unknown) => T): (wire: unknown) => T {
  return (wire) => {
    const found = read(wire);
    const got = "id" in found ? found.id : id;
    // check: an answer about another user is none
    if (!isGuid(id) || got === id.toLowerCase()) return found;
    const message = `the answer about ${id} is about ${String(got)}`;
    throw new GraphError({ kind: "unexpected", status: 200, code: "", message });
  };
}

/**
 * Reads one result of a batch.
 *
 * @throws {Error} if `result` is absent, which is a bug
 */
export function foundIn<T extends object>(result: BatchResult | undefined, read: (wire: unknown) => T): Found<T> {
  if (result === undefined) throw new Error("A read has no result.");
  if ("failure" in result) return result.failure;
  try {
    return read(result.body);
  } catch (error) {
    if (error instanceof GraphError) return error.failure;
    throw error;
  }
}

/** The objects of one listing, given its first page from a batch: all, or at least `enough`. */
export async function listedIn<T>(
  http: GraphHttp,
  result: BatchResult | undefined,
  listing: Listing,
  read: (wire: unknown) => T,
  enough = Infinity,
): Promise<Found<readonly T[]>> {
  const first = foundIn(result, (body) => ({ body }));
  if (isFailure(first)) return first;
  try {
    return (await restOf(http, first.body, listing, enough)).map(read);
  } catch (error) {
    if (error instanceof GraphError) return error.failure;
    throw error;
  }
}

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
