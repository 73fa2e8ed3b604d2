import type { Guid } from "../../licensing/model";
import { sendInBatches, type BatchRequest, type BatchResult } from "../client/batch";
import { NO_LICENSE, NOT_ONBOARDED } from "../client/classify";
import { isFailure, quoteGraph, type GraphFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import { splitPage } from "../client/pages";
import * as queries from "./queries";
import { foundIn, listedIn, type Found } from "./reads-by-id";
import { isObject, textFrom } from "./wire";

/** Members of one group with a time-limited membership, and the day on which it ends: 2026-12-31. */
export type EndsByUser = ReadonlyMap<Guid, string>;

/**
 * Time-limited memberships of Privileged Identity Management, from whole listings, for the plan. A group that it does
 * not manage has none. https://learn.microsoft.com/graph/api/privilegedaccessgroup-list-assignmentscheduleinstances
 */
export async function readMembershipEnds(
  http: GraphHttp,
  groupIds: readonly Guid[],
): Promise<Map<Guid, Found<EndsByUser>>> {
  const results = await sendInBatches(http, "read", membershipEndRequests(groupIds));
  const found = groupIds.map(async (groupId, index): Promise<[Guid, Found<EndsByUser>]> => {
    const all = await listedIn(http, results[index], queries.membershipEndsOfGroup(groupId), (instance) => instance);
    return [groupId, isInstances(all) ? endsIn(all, groupId) : all];
  });
  return new Map(await Promise.all(found));
}

export function membershipEndRequests(groupIds: readonly Guid[]): readonly BatchRequest[] {
  return groupIds.map((groupId) => ({ ...queries.membershipEndsOfGroup(groupId), method: "GET" as const }));
}

/**
 * The time-limited memberships of these users. A group with more than one page of instances, possibly 100,000, is asked
 * about user by user instead, because a unit has few users.
 */
export async function membershipEndsIn(
  http: GraphHttp,
  groupIds: readonly Guid[],
  results: readonly (BatchResult | undefined)[],
  userIds: readonly Guid[],
): Promise<Map<Guid, Found<EndsByUser>>> {
  const first = groupIds.map((groupId, index) => [groupId, foundIn(results[index], splitPage)] as const);
  const isLong = first.some(([, page]) => !isFailure(page) && page.next !== null);
  const ofUsers = isLong ? await instancesOfUsers(http, userIds) : [];
  return new Map(
    first.map(([groupId, page]): [Guid, Found<EndsByUser>] => {
      if (isFailure(page)) return [groupId, page];
      if (page.next === null) return [groupId, endsIn(page.values, groupId)];
      return [groupId, isInstances(ofUsers) ? endsIn(ofUsers, groupId) : ofUsers];
    }),
  );
}

function isInstances(found: readonly unknown[] | GraphFailure): found is readonly unknown[] {
  return Array.isArray(found);
}

async function instancesOfUsers(http: GraphHttp, userIds: readonly Guid[]): Promise<readonly unknown[] | GraphFailure> {
  const results = await sendInBatches(
    http,
    "read",
    userIds.map((userId) => ({ ...queries.membershipEndsOfUser(userId), method: "GET" as const })),
  );
  const all: unknown[] = [];
  for (const [index, userId] of userIds.entries()) {
    const own = await listedIn(http, results[index], queries.membershipEndsOfUser(userId), (instance) => instance);
    if (!isInstances(own)) return own;
    all.push(...own);
  }
  return all;
}

/** An owner's assignment gives no licence. An unknown kind of access counts as a membership. */
function endsIn(instances: readonly unknown[], groupId: Guid): EndsByUser {
  const ends = new Map<Guid, string>();
  for (const instance of instances) {
    if (!isObject(instance)) continue;
    const principalId = textFrom(instance["principalId"])?.toLowerCase();
    const end = textFrom(instance["endDateTime"]);
    const isOther = textFrom(instance["groupId"])?.toLowerCase() !== groupId || instance["accessId"] === "owner";
    if (isOther || principalId === undefined || end === null) continue;
    const on = end.slice(0, "2026-12-31".length);
    const known = ends.get(principalId);
    ends.set(principalId, known === undefined || known < on ? on : known);
  }
  return ends;
}

/**
 * Why this tenant cannot tell which memberships end: a missing permission, licence or feature of the cloud. `null` if
 * it should be readable.
 */
export function whyEndsUnread(failure: GraphFailure): string | null {
  const words = "message" in failure ? `${"code" in failure ? failure.code : ""} ${failure.message ?? ""}` : "";
  if (NOT_ONBOARDED.test(words)) return "the tenant has not onboarded to Privileged Identity Management";
  if (NO_LICENSE.test(words)) return "the tenant has no licence for it (Microsoft Entra ID P2 or ID Governance)";
  if (failure.kind === "forbidden") return `it takes the permission ${failure.permissions.join(" and ")}`;
  if (failure.kind === "notFound") return "this cloud does not have Privileged Identity Management for groups";
  if (failure.kind !== "unexpected") return null;
  return /^Resource not found for the segment/i.test(failure.message)
    ? "this cloud does not have Privileged Identity Management for groups"
    : null;
}

/** An end that stays unknown, in Graph's own words. */
export function unreadEnd(failure: GraphFailure): { readonly unread: string; readonly isForbidden: boolean } {
  return { unread: quoteGraph(failure), isForbidden: failure.kind === "forbidden" };
}
