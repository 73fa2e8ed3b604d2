import { failureOf, isFailure } from "../../graph/client/failure";
import type { TenantGraph, WriteOutcome } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";
import type { Guid } from "../../licensing/model";
import { passing } from "../writing/passing";

type Work = Parameters<TenantGraph["assignDirect"]>[0];

/**
 * Assigns licences directly, and takes a success for one only when a read shows it: what is not seen counts as lost, so that it is
 * assigned again. A user who may not be read is believed by the answer.
 */
export async function assignAndSee(graph: TenantGraph, work: Work): Promise<Map<Guid, WriteOutcome>> {
  const outcomes = await assignOfToday(graph, work);
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

/**
 * Microsoft may retire a plan while a run is under way, and Graph refuses a licence that names it with words that nobody has on record: after
 * a refusal of no known rule the SKUs are read again, and a licence that differs by today's plans is sent once more.
 */
async function assignOfToday(graph: TenantGraph, work: Work): Promise<Map<Guid, WriteOutcome>> {
  const outcomes = await graph.assignDirect(work);
  const refused = work.filter(({ userId }) => isOfNoKnownRule(outcomes.get(userId)));
  if (refused.every(({ licenses }) => licenses.every(({ disabledPlans }) => disabledPlans.length === 0)))
    return outcomes;
  const skus = await graph.subscribedSkus().catch(failureOf);
  if ("kind" in skus) return outcomes;
  const catalog = new Catalog(skus);
  const changed = refused.flatMap(({ userId, licenses }) => {
    const ofToday = licenses.map((license) => catalog.asOfToday(license));
    return ofToday.every((license, at) => license === licenses[at]) ? [] : [{ userId, licenses: ofToday }];
  });
  return changed.length === 0 ? outcomes : new Map([...outcomes, ...(await graph.assignDirect(changed))]);
}

function isOfNoKnownRule(outcome: WriteOutcome | undefined): boolean {
  return outcome?.kind === "failed" && outcome.failure.kind === "unexpected" && outcome.failure.status === 400;
}

const NOT_READ = { kind: "lost", detail: "no answer to the read" } as const;
const NOT_SEEN = { kind: "lost", detail: "Graph said that it was done, and a read does not show it" } as const;
