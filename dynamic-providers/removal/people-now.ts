import { GraphError, isFailure } from "../../graph/client/failure";
import type { TenantGraph } from "../../graph/tenant-graph";
import type { Guid, LicensedUser } from "../../licensing/model";
import { byName, type People } from "../../licensing/people";

/** Names are not kept anywhere, so they are read again; who can't be read goes by id. Only where something is told of these users. */
export async function peopleNow(graph: TenantGraph, userIds: Iterable<Guid>): Promise<People> {
  const found = [...(await graph.users(userIds).catch(nobody))];
  return byName(new Map(found.filter((each): each is [Guid, LicensedUser] => !isFailure(each[1]))));
}

/** What is told counts more: names that cannot be read must not cost it. */
function nobody(error: unknown): [] {
  if (error instanceof GraphError) return [];
  throw error;
}
