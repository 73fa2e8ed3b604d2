import type { Guid } from "../licensing/model";
import { sendInBatches, type BatchRequest, type BatchResult } from "./batch";
import { describeFailure, type GraphFailure } from "./failure";
import type { GraphHttp } from "./http";
import { whyEndsUnread } from "./membership-ends";
import type { Listing } from "./pages";
import type { Operation } from "./permissions";
import * as queries from "./queries";
import { isObject, listFrom, readCount, readId, textFrom } from "./wire";

/**
 * What Graph answered to the requests of an operation. `unseen`: there was no object to read, or it is a write, which is never tried;
 * `hidden`: an answer came without the properties that it is for.
 */
export type Probed =
  | { readonly answer: "allowed" | "refused" | "hidden" | "unseen" }
  | { readonly answer: "trouble"; readonly words: string };

/** Real objects of the tenant; `null`: none was found, or none may be seen. */
interface Objects {
  readonly userId: Guid | null;
  /** A group with at least one user in it, if there is one. */
  readonly groupId: Guid | null;
}

interface Probe {
  /** The very requests that runs send; `null`: not without an object. */
  readonly requests: (objects: Objects) => readonly (BatchRequest | Listing)[] | null;
  /** Whether an answer shows what it is for. Absent: any answer does. */
  readonly shows?: (body: unknown) => boolean;
}

const ofUser = (query: (id: Guid) => BatchRequest | Listing) => (objects: Objects) =>
  objects.userId === null ? null : [query(objects.userId)];
const ofGroup =
  (...ask: readonly ((id: Guid) => BatchRequest | Listing)[]) =>
  (objects: Objects) => {
    const { groupId } = objects;
    return groupId === null ? null : ask.map((query) => query(groupId));
  };

const PROBES: Readonly<Record<Operation, Probe | null>> = {
  readUsers: {
    requests: ({ userId }) => [queries.licensedUsers(), ...(userId === null ? [] : [queries.user(userId)])],
    shows: statesCame,
  },
  readGroups: {
    requests: ({ groupId }) => [queries.anyGroups(), ...(groupId === null ? [] : [queries.group(groupId)])],
  },
  readMembers: {
    requests: ofGroup(queries.userMembers, queries.groupMembers, queries.usersAtAnyDepth),
    shows: statesCame,
  },
  readMembersInError: { requests: ofGroup(queries.membersInError) },
  readMemberships: { requests: ofUser(queries.membershipsOf) },
  readSkus: { requests: () => [queries.subscribedSkus()] },
  readObjects: { requests: ofUser(queries.directoryObject) },
  readMembershipEnds: { requests: ofGroup(queries.membershipEndsOfGroup) },
  readAuditLog: { requests: () => [queries.newestAuditRecord()] },
  readOrganization: {
    requests: () => [queries.organization()],
    shows: (body) => valuesIn(body).every((each) => isObject(each) && textFrom(each["countryLetterCode"]) !== null),
  },
  // Only the id of a deleted group could be asked for.
  readDeletedGroups: null,
  assignToGroups: null,
  assignToUsers: null,
  makeGroups: null,
  addMembers: null,
  reprocess: null,
};

/** Asks Graph itself, by reads alone, whether each operation is allowed. */
export async function probe(
  http: GraphHttp,
  operations: readonly Operation[],
): Promise<ReadonlyMap<Operation, Probed>> {
  const objects = await findObjects(http);
  const asked = operations.map((operation) => ({
    operation,
    shows: PROBES[operation]?.shows ?? (() => true),
    requests: PROBES[operation]?.requests(objects) ?? [],
  }));
  const results = await sendInBatches(
    http,
    "read",
    asked.flatMap(({ requests }) => requests.map((request) => ({ method: "GET" as const, ...request }))),
  );
  let at = 0;
  return new Map(
    asked.map(({ operation, shows, requests }) => {
      const own = results.slice(at, at + requests.length);
      at += requests.length;
      return [operation, outcomeOf(own, shows, operation)];
    }),
  );
}

function outcomeOf(results: readonly BatchResult[], shows: (body: unknown) => boolean, operation: Operation): Probed {
  if (results.length === 0) return { answer: "unseen" };
  const failures = results.flatMap((result) => ("failure" in result ? [result.failure] : []));
  if (failures.some(({ kind }) => kind === "forbidden")) return { answer: "refused" };
  const [trouble] = failures;
  if (trouble !== undefined) return { answer: "trouble", words: wordsOf(trouble, operation) };
  return { answer: results.every((result) => "body" in result && shows(result.body)) ? "allowed" : "hidden" };
}

function wordsOf(failure: GraphFailure, operation: Operation): string {
  const why = operation === "readMembershipEnds" ? whyEndsUnread(failure) : null;
  return why === null ? describeFailure(failure) : `It is not checked: ${why}.`;
}

const GROUPS_TRIED = 20;

async function findObjects(http: GraphHttp): Promise<Objects> {
  const [users, groups] = await sendInBatches(http, "read", [queries.anyUser(), queries.anyGroups()]);
  const groupIds = idsIn(groups).slice(0, GROUPS_TRIED);
  const counts = await sendInBatches(http, "read", groupIds.map(queries.userMemberCount));
  const withMembers = groupIds.find((_, index) => hasMembers(counts[index]));
  return { userId: idsIn(users)[0] ?? null, groupId: withMembers ?? groupIds[0] ?? null };
}

function hasMembers(result: BatchResult | undefined): boolean {
  return result !== undefined && "body" in result && readCount(result.body).count > 0;
}

/** What is refused here is refused again below, where it counts. */
function idsIn(result: BatchResult | undefined): readonly Guid[] {
  return result !== undefined && "body" in result ? valuesIn(result.body).map(readId) : [];
}

/** Without the permission for users their licences come as null. */
function statesCame(body: unknown): boolean {
  return [...valuesIn(body), body]
    .filter((each) => isObject(each) && "licenseAssignmentStates" in each)
    .every((each) => Array.isArray((each as Record<string, unknown>)["licenseAssignmentStates"]));
}

function valuesIn(body: unknown): readonly unknown[] {
  return isObject(body) ? listFrom(body["value"]) : [];
}
