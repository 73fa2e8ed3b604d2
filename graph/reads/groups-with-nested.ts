import type { Guid, LicensedGroup, NestedGroup } from "../../licensing/model";
import { sendInBatches } from "../client/batch";
import type { GraphHttp } from "../client/http";
import { allOf, restOf } from "../client/pages";
import * as queries from "./queries";
import { allPresent, foundIn } from "./reads-by-id";
import { readGroup, readId, readNamed } from "./wire";

export interface GroupsWithNested {
  readonly groups: ReadonlyMap<Guid, LicensedGroup>;
  /**
   * By group: its nested groups (first-level members), with all their users. These users inherit nothing from the
   * group.
   */
  readonly nested: ReadonlyMap<Guid, readonly NestedGroup[]>;
}

/**
 * Groups and their nested groups, in the same batch.
 *
 * @throws {GraphError} for the first group that cannot be read
 */
export async function readGroupsWithNested(http: GraphHttp, ids: readonly Guid[]): Promise<GroupsWithNested> {
  const listings = ids.map(queries.groupMembers);
  const results = await sendInBatches(http, "read", [
    ...ids.map(queries.group),
    ...listings.map((listing) => ({ ...listing, method: "GET" as const })),
  ]);
  const groups = allPresent(new Map(ids.map((id, index) => [id, foundIn(results[index], readGroup)])));
  const pages = allPresent(
    new Map(ids.map((id, index) => [id, foundIn(results[ids.length + index], (body) => ({ body }))])),
  );
  const nested = new Map<Guid, NestedGroup[]>();
  for (const [index, id] of ids.entries()) {
    const inner = await restOf(http, pages.get(id)?.body, listings[index] ?? queries.groupMembers(id));
    const mine: NestedGroup[] = [];
    for (const wire of inner) mine.push(await withUsers(http, wire));
    nested.set(id, mine);
  }
  return { groups, nested };
}

async function withUsers(http: GraphHttp, wire: unknown): Promise<NestedGroup> {
  const { id, displayName } = readNamed(wire);
  const users = await allOf(http, queries.usersAtAnyDepth(id));
  return { id, displayName, userIds: [...new Set(users.map(readId))] };
}
