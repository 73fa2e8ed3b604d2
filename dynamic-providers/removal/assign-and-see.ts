import { failureOf, isFailure } from "../../graph/failure";
import type { TenantGraph, WriteOutcome } from "../../graph/tenant-graph";
import type { Guid } from "../../licensing/model";
import { passing } from "../writing/passing";

type Work = Parameters<TenantGraph["assignDirect"]>[0];

/**
 * Assigns licences directly, and takes a success for one only when a read shows it: what is not seen counts as lost, so that it is
 * assigned again. A user who may not be read is believed by the answer.
 */
export async function assignAndSee(graph: TenantGraph, work: Work): Promise<Map<Guid, WriteOutcome>> {
  const outcomes = await graph.assignDirect(work);
  const done = work.filter(({ userId }) => outcomes.get(userId)?.kind === "done");
  if (done.length === 0) return outcomes;
  const users = await graph.users(done.map(({ userId }) => userId)).catch(failureOf);
  for (const { userId, licenses } of done) {
    const user = "kind" in users ? users : (users.get(userId) ?? NOT_READ);
    const isSeen = isFailure(user)
      ? passing(user) === null
      : licenses.every(({ skuId }) =>
          user.assignments.some((entry) => entry.skuId === skuId && entry.assignedByGroup === null),
        );
    if (!isSeen) outcomes.set(userId, { kind: "failed", failure: NOT_SEEN });
  }
  return outcomes;
}

const NOT_READ = { kind: "lost", detail: "no answer to the read" } as const;
const NOT_SEEN = { kind: "lost", detail: "Graph said that it was done, and a read does not show it" } as const;
