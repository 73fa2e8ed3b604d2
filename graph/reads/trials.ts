import type { Guid } from "../../licensing/model";
import { GraphError } from "../client/failure";
import type { GraphHttp } from "../client/http";
import { allOf } from "../client/pages";
import * as queries from "./queries";
import { readSubscription } from "./wire";

/**
 * By SKU: true if all of its subscriptions are trials. A SKU that is also bought can be assigned again.
 *
 * @returns `null` if the subscriptions may not be read, or are unknown in this cloud
 * @throws {GraphError} for any other failure
 */
export async function readTrials(http: GraphHttp): Promise<ReadonlyMap<Guid, boolean> | null> {
  try {
    const trials = new Map<Guid, boolean>();
    for (const { skuId, isTrial } of (await allOf(http, queries.subscriptions())).map(readSubscription)) {
      if (isTrial !== null) trials.set(skuId, isTrial && trials.get(skuId) !== false);
    }
    return trials;
  } catch (error) {
    if (error instanceof GraphError && ["forbidden", "notFound"].includes(error.failure.kind)) return null;
    throw error;
  }
}
