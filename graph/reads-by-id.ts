import type { Guid, LicensedGroup, LicensedUser } from "../licensing/model";
import { sendInBatches, type BatchRequest, type BatchResult } from "./batch";
import { GraphError, isFailure, type GraphFailure } from "./failure";
import type { GraphHttp } from "./http";
import { restOf } from "./pages";
import * as queries from "./queries";
import { readGroup, readId, readUser } from "./wire";

/** What one read by id gave: the object, or why there is none. */
export type Found<T> = T | GraphFailure;

/** The three reads of one unit of removal, made at the same time. */
export interface FreshReads {
  readonly users: Map<Guid, Found<LicensedUser>>;
  /** Direct memberships: ids of groups, and of directory roles and administrative units. */
  readonly memberships: Map<Guid, Found<ReadonlySet<Guid>>>;
  readonly groups: Map<Guid, Found<LicensedGroup>>;
}

/** Reads objects by id, in batches; under the ids that were asked for. */
export async function readEach<T extends object>(
  http: GraphHttp,
  ids: readonly string[],
  query: (id: string) => BatchRequest,
  read: (wire: unknown) => T,
): Promise<Map<string, Found<T>>> {
  const results = await sendInBatches(http, "read", ids.map(query));
  return new Map(ids.map((id, index) => [id, foundIn(results[index], read)]));
}

/** What was found, where all of it must be there. Throws for the first that is not. */
export function allPresent<T extends object>(found: ReadonlyMap<Guid, Found<T>>): Map<Guid, T> {
  return new Map(
    [...found].map(([id, each]) => {
      if (isFailure(each)) throw new GraphError(each);
      return [id, each];
    }),
  );
}

/** Users, direct memberships of users, and groups, in as few batches as possible. */
export async function readFresh(
  http: GraphHttp,
  users: readonly Guid[],
  members: readonly Guid[],
  groups: readonly Guid[],
): Promise<FreshReads> {
  const results = await sendInBatches(http, "read", [
    ...users.map(queries.user),
    ...members.map(queries.membershipsOf),
    ...groups.map(queries.group),
  ]);
  const ofMembers = users.length;
  const ofGroups = ofMembers + members.length;
  const memberships = new Map<Guid, Found<ReadonlySet<Guid>>>();
  for (const [index, id] of members.entries()) {
    memberships.set(id, await membershipsIn(http, id, results[ofMembers + index]));
  }
  const found = new Map(users.map((id, index) => [id, foundIn(results[index], readUser)]));
  http.transport.pacer.sawUsers([...found].filter(([, each]) => !isFailure(each)).map(([id]) => id));
  return {
    users: found,
    memberships,
    groups: new Map(groups.map((id, index) => [id, foundIn(results[ofGroups + index], readGroup)])),
  };
}

/** Each id once, as this project writes it. */
export function distinct(ids: Iterable<Guid>): Guid[] {
  return [...new Set([...ids].map((id) => id.toLowerCase()))];
}

/** A user may be in more groups than one page holds: the rest is read too. */
async function membershipsIn(
  http: GraphHttp,
  userId: Guid,
  result: BatchResult | undefined,
): Promise<Found<ReadonlySet<Guid>>> {
  const first = foundIn(result, (body) => ({ body }));
  if (isFailure(first)) return first;
  try {
    return new Set((await restOf(http, first.body, queries.membershipsOf(userId))).map(readId));
  } catch (error) {
    if (error instanceof GraphError) return error.failure;
    throw error;
  }
}

/** One result of a batch of reads. */
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
