import type { Guid, Sku } from "../../licensing/model";
import { sendInBatches } from "../client/batch";
import { GraphError, isFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import * as queries from "./queries";
import { distinct, foundIn, listedIn } from "./reads-by-id";
import { isObject, listFrom, readId, readSku } from "./wire";

/** The reads at the start of a part of a wave. */
export interface SkusAndErrors {
  readonly skus: readonly Sku[];
  /** Members of each group with a licence error, up to a page of 100; a group that could not be read is absent. */
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
  const inError = ids.flatMap((id, index): [Guid, ReadonlySet<Guid>][] => {
    const found = foundIn(
      ofGroups[index],
      (body) => new Set(listFrom(isObject(body) ? body["value"] : []).map(readId)),
    );
    return isFailure(found) ? [] : [[id, found]];
  });
  return { skus, inError: new Map(inError) };
}
