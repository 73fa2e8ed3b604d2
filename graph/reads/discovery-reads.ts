import type { Guid } from "../../licensing/model";
import { sendInBatches, type BatchRequest } from "../client/batch";
import { GraphError, isFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import { GROUP_LISTINGS_IN_FLIGHT, LONGEST_ADVANCED_QUERY } from "../client/limits";
import { allOf } from "../client/pages";
import * as queries from "./queries";
import { readMembershipsOf } from "./fresh-users";
import { foundIn, type Found } from "./reads-by-id";
import { readCount, readId } from "./wire";

/** Many small questions about a tenant. An object that was deleted between two of them is absent. */

export async function readMemberships(
  http: GraphHttp,
  userIds: readonly Guid[],
): Promise<Map<Guid, ReadonlySet<Guid>>> {
  return present(await readMembershipsOf(http, userIds));
}

export async function readCounts<K>(http: GraphHttp, requests: ReadonlyMap<K, BatchRequest>): Promise<Map<K, number>> {
  const keys = [...requests.keys()];
  const results = await sendInBatches(http, "read", [...requests.values()]);
  const counts = present(new Map(keys.map((key, at) => [key, foundIn(results[at], readCount)])));
  return new Map([...counts].map(([key, { count }]) => [key, count]));
}

export async function readUserCounts<K>(
  http: GraphHttp,
  conditions: ReadonlyMap<K, readonly queries.OneOf[]>,
): Promise<Map<K, number>> {
  const asked = [...conditions].flatMap(([key, all]) => inParts(all).map((request) => [key, request] as const));
  const counts = await readCounts(http, new Map(asked.map(([, request], index) => [index, request])));
  const sums = new Map<K, number>();
  for (const [index, [key]] of asked.entries()) sums.set(key, (sums.get(key) ?? 0) + (counts.get(index) ?? 0));
  return sums;
}

/** Several requests, whose numbers add up, where the URL of one would be too long: a user has one value of a property. */
function inParts(conditions: readonly queries.OneOf[]): readonly BatchRequest[] {
  const whole = queries.userCount(conditions);
  const [longest] = [...conditions].sort((a, b) => b.values.length - a.values.length);
  if (whole.url.length <= LONGEST_ADVANCED_QUERY || longest === undefined || longest.values.length < 2) return [whole];
  const half = Math.ceil(longest.values.length / 2);
  return [longest.values.slice(0, half), longest.values.slice(half)].flatMap((values) =>
    inParts(conditions.map((each) => (each === longest ? { ...each, values } : each))),
  );
}

/** Lists several groups at the same time; the pages of each group are read one after the other. */
export async function readMemberIds(http: GraphHttp, groupIds: readonly Guid[]): Promise<Map<Guid, ReadonlySet<Guid>>> {
  const members = new Map<Guid, ReadonlySet<Guid>>();
  const left = [...groupIds];
  const lane = async () => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      try {
        members.set(id, new Set((await allOf(http, queries.userMemberIds(id))).map(readId)));
      } catch (error) {
        if (!(error instanceof GraphError) || error.failure.kind !== "notFound") throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: GROUP_LISTINGS_IN_FLIGHT }, lane));
  return members;
}

function present<K, T extends object>(found: ReadonlyMap<K, Found<T>>): Map<K, T> {
  const there = new Map<K, T>();
  for (const [key, each] of found) {
    if (!isFailure(each)) there.set(key, each);
    else if (each.kind !== "notFound") throw new GraphError(each);
  }
  return there;
}
