import type { Guid, LicensedGroup } from "../../licensing/model";
import { sendInBatches, type BatchRequest, type BatchResult } from "../client/batch";
import { describeFailure, isFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import { whyEndsUnread } from "../reads/membership-ends";
import { GROUPS_PROBED } from "../client/limits";
import type { Listing } from "../client/pages";
import type { Operation } from "./permissions";
import * as queries from "../reads/queries";
import { listedIn } from "../reads/reads-by-id";
import { isObject, listFrom, readId, textFrom } from "../reads/wire";

/**
 * Graph's answer to the requests of an operation. `unseen`: there was no object to read, or it is a write, which is
 * never tried; `hidden`: the answer lacked the needed properties.
 */
export type Probed =
  | { readonly answer: "allowed" | "refused" | "hidden" | "unseen" }
  | { readonly answer: "trouble"; readonly words: string }
  /** The tenant cannot tell, under any permission. */
  | { readonly answer: "unchecked"; readonly why: string };

/** Real objects of the tenant; empty if there are none, or none is visible. */
interface Objects {
  readonly userIds: readonly Guid[];
  /** The declared groups; without any, one group of the tenant, with users if possible. */
  readonly groupIds: readonly Guid[];
  /** Those with hidden membership, each with its first visible member. */
  readonly hidden: readonly { readonly groupId: Guid; readonly memberId: Guid | null }[];
}

type Query = BatchRequest | Listing;

interface Probe {
  /** The requests that runs send; none if they need an object and there is none. */
  readonly requests: (objects: Objects) => readonly Query[];
  /** Whether an answer has the needed properties; any answer does if absent. */
  readonly shows?: (body: unknown, objects: Objects) => boolean;
  /** "Not found" counts as allowed: the object that is asked for usually does not exist. */
  readonly mayBeMissing?: true;
}

const ofUser =
  (query: (id: Guid) => Query) =>
  ({ userIds: [userId] }: Objects) =>
    userId === undefined ? [] : [query(userId)];
const ofGroups =
  (...ask: readonly ((id: Guid) => Query)[]) =>
  ({ groupIds }: Objects) =>
    groupIds.flatMap((id) => ask.map((query) => query(id)));

const PROBES: Readonly<Record<Operation, Probe | null>> = {
  readUsers: {
    requests: ({ userIds }) => [queries.licensedUsers(), ...userIds.slice(0, 1).map(queries.user)],
    shows: statesCame,
  },
  readGroups: { requests: (objects) => [queries.anyGroups(), ...ofGroups(queries.group)(objects)] },
  readMembers: {
    requests: ofGroups(queries.userMembers, queries.groupMembers, queries.usersAtAnyDepth),
    shows: statesCame,
  },
  readMembersInError: { requests: ofGroups(queries.membersInError) },
  readMemberships: { requests: ofUser(queries.membershipsOf) },
  readHiddenMembers: {
    // A group without a visible member may be empty or hide its members; no answer can tell.
    requests: ({ hidden }) =>
      hidden.every(({ memberId }) => memberId !== null)
        ? hidden.map(({ memberId }) => queries.membershipsOf(memberId ?? ""))
        : [],
    shows: (body, { hidden }) => hidden.some(({ groupId }) => valuesIn(body).map(readId).includes(groupId)),
  },
  readSkus: { requests: () => [queries.subscribedSkus()] },
  readMadeGroups: {
    requests: ({ groupIds }) =>
      groupIds
        .slice(0, 1)
        .flatMap((id) => (["owners", "members", "memberOf"] as const).map((each) => queries.relatedTo(id, each))),
  },
  readGroupUses: { requests: ofGroups(queries.appRolesOf, queries.groupsAround) },
  readObjects: { requests: ofUser(queries.directoryObject) },
  readMembershipEnds: { requests: ofGroups(queries.membershipEndsOfGroup) },
  readAuditLog: { requests: () => [queries.newestAuditRecord()] },
  readOrganization: {
    requests: () => [queries.organization(), queries.subscriptions()],
    shows: (body) =>
      valuesIn(body).every(
        (each) => isObject(each) && ("skuId" in each || textFrom(each["countryLetterCode"]) !== null),
      ),
    // Where a cloud has no list of subscriptions, names tell trials.
    mayBeMissing: true,
  },
  readDeletedGroups: {
    requests: ({ groupIds }) => groupIds.slice(0, 1).map(queries.deletedItem),
    mayBeMissing: true,
  },
  assignToGroups: null,
  assignToUsers: null,
  makeGroups: null,
  addMembers: null,
  removeMembers: null,
  reprocess: null,
};

/**
 * Tests by reads alone whether Graph allows each operation.
 *
 * @param declared the groups of the stack file, which may be hidden or restricted; any group of the tenant if empty
 */
export async function probe(
  http: GraphHttp,
  operations: readonly Operation[],
  declared: readonly LicensedGroup[] = [],
): Promise<ReadonlyMap<Operation, Probed>> {
  const objects = await findObjects(http, declared);
  const asked = operations.map((operation) => ({
    operation,
    requests: PROBES[operation]?.requests(objects) ?? [],
  }));
  const results = await ask(
    http,
    asked.flatMap(({ requests }) => requests),
  );
  let at = 0;
  return new Map(
    asked.map(({ operation, requests }) => {
      const own = results.slice(at, at + requests.length);
      at += requests.length;
      // A refused request of another operation is reported under that operation.
      const isOwn = requests.every(({ purpose }) => purpose.operation === operation);
      const isRefused = own.some((result) => "failure" in result && result.failure.kind === "forbidden");
      return [operation, isRefused && !isOwn ? { answer: "unseen" } : outcomeOf(own, objects, operation)];
    }),
  );
}

/** The answers, of a listing its first objects: a page without any shows nothing of them, and may have a next one. */
async function ask(http: GraphHttp, requests: readonly Query[]): Promise<readonly BatchResult[]> {
  const results = await sendInBatches(
    http,
    "read",
    requests.map((request) => ({ method: "GET" as const, ...request })),
  );
  return Promise.all(
    results.map(async (result, index) => {
      const request = requests[index];
      const body = "body" in result && isObject(result.body) ? result.body : null;
      if (request === undefined || body === null || !("@odata.nextLink" in body) || valuesIn(body).length > 0)
        return result;
      const value = await listedIn(http, result, request, (each) => each, 1);
      return isFailure(value) ? { failure: value } : { body: { ...body, value } };
    }),
  );
}

function outcomeOf(results: readonly BatchResult[], objects: Objects, operation: Operation): Probed {
  if (results.length === 0) return { answer: "unseen" };
  const { shows = () => true, mayBeMissing = false } = PROBES[operation] ?? {};
  const failures = results.flatMap((result) => ("failure" in result ? [result.failure] : []));
  if (failures.some(({ kind }) => kind === "forbidden")) return { answer: "refused" };
  const trouble = failures.find(({ kind }) => kind !== "notFound" || !mayBeMissing);
  if (trouble !== undefined) {
    const why = operation === "readMembershipEnds" ? whyEndsUnread(trouble) : null;
    return why === null ? { answer: "trouble", words: describeFailure(trouble) } : { answer: "unchecked", why };
  }
  const isShown = results.every((result) => !("body" in result) || shows(result.body, objects));
  return { answer: isShown ? "allowed" : "hidden" };
}

async function findObjects(http: GraphHttp, declared: readonly LicensedGroup[]): Promise<Objects> {
  const [users, groups] = await ask(http, [queries.anyUser(), queries.anyGroups()]);
  const candidates = declared.length > 0 ? declared.map(({ id }) => id) : idsIn(groups).slice(0, GROUPS_PROBED);
  const counts = await ask(http, candidates.map(queries.userMemberCount));
  const members = new Map(candidates.map((id, index) => [id, idsIn(counts[index])[0] ?? null]));
  const withMembers = candidates.find((id) => members.get(id) !== null);
  const [anyGroup] = [withMembers, ...candidates].filter((id) => id !== undefined);
  const firstMembers = [...members.values()].filter((id) => id !== null);
  return {
    userIds: declared.length > 0 ? [...firstMembers, ...idsIn(users)] : idsIn(users),
    groupIds: declared.length > 0 ? candidates : anyGroup === undefined ? [] : [anyGroup],
    hidden: declared
      .filter(({ hasHiddenMembership }) => hasHiddenMembership === true)
      .map(({ id }) => ({ groupId: id, memberId: members.get(id) ?? null })),
  };
}

/** A refusal here occurs again in the probe of that operation, where it is reported. */
function idsIn(result: BatchResult | undefined): readonly Guid[] {
  return result !== undefined && "body" in result ? valuesIn(result.body).map(readId) : [];
}

/**
 * Without the permission for users, their properties come as null and their lists empty. A user with a name and without
 * licences is one that Graph cannot read, whatever the permission.
 */
function statesCame(body: unknown): boolean {
  return [...valuesIn(body), body]
    .filter(isObject)
    .filter((each) => "licenseAssignmentStates" in each)
    .every((each) => textFrom(each["userPrincipalName"]) !== null);
}

function valuesIn(body: unknown): readonly unknown[] {
  return isObject(body) ? listFrom(body["value"]) : [];
}
