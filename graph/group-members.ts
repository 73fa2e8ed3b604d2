import type { Guid } from "../licensing/model";
import { sendInBatches, type BatchRequest, type BatchResult } from "./batch";
import type { GraphFailure } from "./failure";
import type { GraphHttp } from "./http";
import { REFERENCES_PER_WRITE } from "./limits";

/** What became of one user who was to be a member. */
export type JoinOutcome =
  { readonly kind: "added" | "already-there" } | { readonly kind: "failed"; readonly failure: GraphFailure };

/**
 * Adds users to a group, 20 in a write and 20 writes in a batch. A write adds all of its users or none; where it was refused for one of
 * them (a member already, or gone), the others are added one by one. Never throws for what happens to one user.
 *
 * @param host of Graph: `https://graph.microsoft.com`
 */
export async function addMembers(
  http: GraphHttp,
  host: string,
  groupId: Guid,
  userIds: readonly Guid[],
): Promise<Map<Guid, JoinOutcome>> {
  const chunks = Array.from({ length: Math.ceil(userIds.length / REFERENCES_PER_WRITE) }, (_, index) =>
    userIds.slice(index * REFERENCES_PER_WRITE, (index + 1) * REFERENCES_PER_WRITE),
  );
  const outcomes = new Map<Guid, JoinOutcome>();
  const oneByOne: Guid[] = [];
  const results = await sendInBatches(
    http,
    "write",
    chunks.map((chunk) => bindAll(host, groupId, chunk)),
  );
  for (const [index, chunk] of chunks.entries()) {
    const outcome = outcomeOf(results[index]);
    // A lost answer says nothing: asked one by one, who is a member already says so.
    if (isAboutOne(outcome)) oneByOne.push(...chunk);
    else for (const userId of chunk) outcomes.set(userId, outcome);
  }
  const single = await sendInBatches(
    http,
    "write",
    oneByOne.map((userId) => addOne(host, groupId, userId)),
  );
  for (const [index, userId] of oneByOne.entries()) outcomes.set(userId, outcomeOf(single[index]));
  return outcomes;
}

function isAboutOne(outcome: JoinOutcome): boolean {
  return (
    outcome.kind === "already-there" ||
    (outcome.kind === "failed" && (outcome.failure.kind === "notFound" || outcome.failure.kind === "lost"))
  );
}

function bindAll(host: string, groupId: Guid, userIds: readonly Guid[]): BatchRequest {
  return {
    method: "PATCH",
    url: `/groups/${groupId}`,
    body: { "members@odata.bind": userIds.map((userId) => reference(host, userId)) },
    purpose: { operation: "addMembers", id: groupId },
  };
}

function addOne(host: string, groupId: Guid, userId: Guid): BatchRequest {
  return {
    method: "POST",
    url: `/groups/${groupId}/members/$ref`,
    body: { "@odata.id": reference(host, userId) },
    purpose: { operation: "addMembers", id: userId },
  };
}

function reference(host: string, userId: Guid): string {
  return `${host}/v1.0/directoryObjects/${userId}`;
}

function outcomeOf(result: BatchResult | undefined): JoinOutcome {
  if (result === undefined) throw new Error("A write has no result.");
  if (!("failure" in result)) return { kind: "added" };
  return result.failure.kind === "alreadyMember"
    ? { kind: "already-there" }
    : { kind: "failed", failure: result.failure };
}
