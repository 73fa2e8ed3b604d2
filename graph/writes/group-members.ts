import type { LeaveProof } from "../../licensing/decision/leave-proof";
import type { Guid } from "../../licensing/model";
import { sendInBatches, type BatchRequest, type BatchResult } from "../client/batch";
import { failureOf, isFailure, type GraphFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import { REFERENCES_PER_WRITE, REQUESTS_PER_BATCH } from "../client/limits";
import type { WriteReservation } from "../pacing/write-reservation";
import * as queries from "../reads/queries";
import { readMembershipsOf } from "../reads/fresh-users";
import { readEach } from "../reads/reads-by-id";
import type { WriteOutcome } from "./direct-assignments";

/** The outcome for one user. A failure `notFound` has the id of the missing object: the group or the user. */
export type JoinOutcome =
  { readonly kind: "added" | "already-there" } | { readonly kind: "failed"; readonly failure: GraphFailure };

/**
 * Adds users to a group, 20 in a write and 20 writes in a batch; a write adds all of its users or none. After "not
 * found", group and users are read, and the users that exist are sent again. If one is a member already, or Graph
 * refuses a write, its users are added one by one.
 *
 * @param host of Graph: `https://graph.microsoft.com`
 * @returns an outcome for each user; never throws for one user
 */
export async function addMembers(
  http: GraphHttp,
  host: string,
  groupId: Guid,
  userIds: readonly Guid[],
): Promise<Map<Guid, JoinOutcome>> {
  const first = await addTogether(http, host, groupId, userIds);
  const missing = userIds.filter((userId) => isMissing(first.get(userId)));
  const { there, outcomes } = await whoIsThere(http, groupId, missing);
  const together = new Map([...first, ...outcomes, ...(await addTogether(http, host, groupId, there))]);
  // After a lost answer users are added one by one: Graph then reports those that are members already.
  const oneByOne = userIds.filter((userId) => isAboutOne(together.get(userId)));
  const alone = await addEach(http, host, groupId, oneByOne);
  // check: a refused write of several users keeps only those out that are refused alone
  const refused = userIds.filter((userId) => isRefused(together.get(userId)));
  return new Map(
    [...together, ...alone, ...(await addRefused(http, host, groupId, refused))].map(([userId, outcome]) => [
      userId,
      isMissing(outcome) ? (outcomes.get(userId) ?? notYet(groupId)) : outcome,
    ]),
  );
}

/**
 * Takes users out of a group, each by one request: https://learn.microsoft.com/graph/api/group-delete-members. A failure
 * `notFound` means that the user was no member, or that the group or the user is gone: the next read tells.
 *
 * @param room from `reserveWrites`
 * @param isGood asked just before the bytes leave
 * @returns an outcome for each user; never throws for one user
 */
export async function removeMembers(
  http: GraphHttp,
  proofs: readonly LeaveProof[],
  room?: WriteReservation,
  isGood?: () => boolean,
): Promise<Map<Guid, WriteOutcome>> {
  const requests = proofs.map(({ groupId, userId }): BatchRequest => ({
    method: "DELETE",
    url: `/groups/${groupId}/members/${userId}/$ref`,
    purpose: { operation: "removeMembers", id: userId },
  }));
  const results = await sendInBatches(http, "provenWrite", requests, room, isGood);
  return new Map(
    proofs.map(({ userId }, index) => {
      const result = results[index];
      if (result === undefined) throw new Error("A write has no result.");
      return [userId, "failure" in result ? { kind: "failed", failure: result.failure } : { kind: "done" }];
    }),
  );
}

async function addTogether(
  http: GraphHttp,
  host: string,
  groupId: Guid,
  userIds: readonly Guid[],
): Promise<ReadonlyMap<Guid, JoinOutcome>> {
  const chunks = Array.from({ length: Math.ceil(userIds.length / REFERENCES_PER_WRITE) }, (_, index) =>
    userIds.slice(index * REFERENCES_PER_WRITE, (index + 1) * REFERENCES_PER_WRITE),
  );
  const results = await sendInBatches(
    http,
    "write",
    chunks.map((chunk) => bindAll(host, groupId, chunk)),
  );
  return new Map(
    chunks.flatMap((chunk, index) => {
      const outcome = outcomeOf(results[index]);
      return chunk.map((userId) => [userId, outcome] as const);
    }),
  );
}

/**
 * Users of refused writes, one by one, so that only those that Graph refuses alone fail. Where a whole batch of them is
 * refused, the cause is not the single user, and the others keep the outcome of their write.
 */
async function addRefused(
  http: GraphHttp,
  host: string,
  groupId: Guid,
  userIds: readonly Guid[],
): Promise<ReadonlyMap<Guid, JoinOutcome>> {
  const outcomes = new Map<Guid, JoinOutcome>();
  for (let at = 0; at < userIds.length; at += REQUESTS_PER_BATCH) {
    const unit = userIds.slice(at, at + REQUESTS_PER_BATCH);
    const answered = await addEach(http, host, groupId, unit);
    for (const [userId, outcome] of answered) outcomes.set(userId, outcome);
    if (unit.length === REQUESTS_PER_BATCH && [...answered.values()].every(isRefused)) break;
  }
  return outcomes;
}

/**
 * Adds each user by one request. Graph "returns a 400 Bad Request response code when the object is already a member", in
 * words that it does not promise, so the memberships of refused users are read:
 * https://learn.microsoft.com/graph/api/group-post-members
 */
async function addEach(
  http: GraphHttp,
  host: string,
  groupId: Guid,
  userIds: readonly Guid[],
): Promise<ReadonlyMap<Guid, JoinOutcome>> {
  const results = await sendInBatches(
    http,
    "write",
    userIds.map((userId) => addOne(host, groupId, userId)),
  );
  const outcomes = new Map(userIds.map((userId, index) => [userId, outcomeOf(results[index])]));
  const refused = userIds.filter((userId) => isRefused(outcomes.get(userId)));
  const memberships = await readMembershipsOf(http, refused).catch(failureOf);
  for (const userId of refused) {
    const memberOf = "kind" in memberships ? memberships : memberships.get(userId);
    if (memberOf === undefined || isFailure(memberOf) || !memberOf.has(groupId)) continue;
    outcomes.set(userId, { kind: "already-there" });
  }
  return outcomes;
}

/** The users that exist, if the group does, and a failure for each other user. */
async function whoIsThere(
  http: GraphHttp,
  groupId: Guid,
  userIds: readonly Guid[],
): Promise<{ readonly there: readonly Guid[]; readonly outcomes: ReadonlyMap<Guid, JoinOutcome> }> {
  if (userIds.length === 0) return { there: [], outcomes: new Map() };
  const group = await failureOfRead(http, [groupId], queries.group);
  const users = await failureOfRead(http, userIds, queries.user);
  const outcomes = new Map<Guid, JoinOutcome>();
  for (const userId of userIds) {
    const failure = group.get(groupId) ?? users.get(userId);
    if (failure !== undefined) outcomes.set(userId, { kind: "failed", failure });
  }
  return { there: userIds.filter((userId) => !outcomes.has(userId)), outcomes };
}

/** The failures to read objects; objects that were read are absent. */
async function failureOfRead(
  http: GraphHttp,
  ids: readonly Guid[],
  query: (id: Guid) => BatchRequest,
): Promise<ReadonlyMap<Guid, GraphFailure>> {
  const read = await readEach(http, ids, query, (body) => ({ body })).catch(failureOf);
  return new Map(
    ids.flatMap((id) => {
      const found = "kind" in read ? read : read.get(id);
      if (found === undefined || !isFailure(found)) return [];
      return [[id, found.kind === "notFound" ? { ...found, id } : found] as const];
    }),
  );
}

/**
 * The group and the user existed when they were read, so the write met a replica that does not know one of them yet.
 */
function notYet(groupId: Guid): JoinOutcome {
  return { kind: "failed", failure: { kind: "notYet", id: groupId } };
}

function isMissing(outcome: JoinOutcome | undefined): boolean {
  return outcome?.kind === "failed" && (outcome.failure.kind === "notFound" || outcome.failure.kind === "notYet");
}

function isAboutOne(outcome: JoinOutcome | undefined): boolean {
  return outcome?.kind === "already-there" || (outcome?.kind === "failed" && outcome.failure.kind === "lost");
}

/** A 400 or 403 to a write. Other clear answers are about the group, or pass. */
function isRefused(outcome: JoinOutcome | undefined): boolean {
  if (outcome?.kind !== "failed") return false;
  const { failure } = outcome;
  return failure.kind === "forbidden" || (failure.kind === "unexpected" && failure.status === 400);
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
