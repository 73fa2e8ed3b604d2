import { GraphError, isFailure } from "../../graph/client/failure";
import type { TenantReads } from "../../graph/tenant-graph";
import type { Guid, LicensedUser } from "../../licensing/model";
import { byName, type People } from "../../licensing/people";

/**
 * Names are not stored, so they are read again, only for users that a message shows; an unreadable user is shown by id.
 */
export async function peopleNow(graph: TenantReads, userIds: Iterable<Guid>): Promise<People> {
  const found = [...(await graph.users(userIds).catch(nobody))];
  return byName(new Map(found.filter((each): each is [Guid, LicensedUser] => !isFailure(each[1]))));
}

/** The message matters more than its names, so unreadable names are not an error. */
function nobody(error: unknown): [] {
  if (error instanceof GraphError) return [];
  throw error;
}
