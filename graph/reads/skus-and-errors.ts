import type { Guid, Sku } from "../../licensing/model";
import { sendInBatches } from "../client/batch";
import { GraphError, isFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import { ERRORS_COUNTED } from "../client/limits";
import * as queries from "./queries";
import { distinct, listedIn } from "./reads-by-id";
import { readId, readSku } from "./wire";

/** The reads at the start of a part of a wave. */
export interface SkusAndErrors {
  readonly skus: readonly Sku[];
  /** Members of each group with a licence error, about 100 at most; a group that could not be read is absent. */
  readonly inError: ReadonlyMap<Guid, ReadonlySet<Guid>>;
}

/**
 * The tenant's SKUs and the groups' members with licence errors, in one batch.
 *
 * @throws {GraphError} if the SKUs cannot be read
 */
export async function readSkusAndErrors(http: GraphHttp, groupIds: Iterable<Guid>): Promise<SkusAndErrors> {
  const ids = distinct(groupIds);
  const listing = queries.subscribedSkus();
  const [ofSkus, ...ofGroups] = await sendInBatches(http, "read", [
    { ...listing, method: "GET" as const },
    ...ids.map(queries.membersInError),
  ]);
  const skus = await listedIn(http, ofSkus, listing, readSku);
  if (isFailure(skus)) throw new GraphError(skus);
  const inError = new Map<Guid, ReadonlySet<Guid>>();
  for (const [index, id] of ids.entries()) {
    // check: members in error are counted beyond a short page
    const members = await listedIn(http, ofGroups[index], queries.membersInError(id), readId, ERRORS_COUNTED);
    if (!isFailure(members)) inError.set(id, new Set(members));
  }
  return { skus, inError };
}
