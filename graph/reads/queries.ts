import type { Guid } from "../../licensing/model";
import type { BatchRequest } from "../client/batch";
import { LARGEST_PAGE } from "../client/limits";
import type { Listing } from "../client/pages";
import { DISCOVERED_PROPERTIES, GROUP_PROPERTIES, SKU_PROPERTIES, USER_PROPERTIES } from "./wire";

/** Every question this program asks of Graph, in the form that Microsoft documents. */

const USER_SELECT = `$select=${USER_PROPERTIES.join(",")}`;
const GROUP_SELECT = `$select=${GROUP_PROPERTIES.join(",")}`;

/**
 * A type cast in a listing is an advanced query: it needs this header together with `$count=true`, and is answered from an index
 * that may lag behind. Nothing is removed on the word of such a list. https://learn.microsoft.com/graph/aad-advanced-queries
 */
const EVENTUAL = { ConsistencyLevel: "eventual" };

export function organization(): Listing {
  return {
    url: "/organization?$select=id,displayName,verifiedDomains,countryLetterCode",
    purpose: { operation: "readOrganization", id: null },
  };
}

/** Supports `$select` alone, and has no pages. */
export function subscribedSkus(): Listing {
  return { url: `/subscribedSkus?$select=${SKU_PROPERTIES.join(",")}`, purpose: { operation: "readSkus", id: null } };
}

export function user(idOrUpn: string): BatchRequest {
  const name = encodeURIComponent(idOrUpn).replace("%40", "@");
  // A name that begins with $ would be read as a query option; this is the documented way around it.
  const segment = idOrUpn.startsWith("$") ? `/users('$${escapeQuotes(name.slice(3))}')` : `/users/${name}`;
  return { method: "GET", url: `${segment}?${USER_SELECT}`, purpose: { operation: "readUsers", id: idOrUpn } };
}

/** Groups, and with them directory roles and administrative units, which hold no licences. No cast: a cast would read the index. */
export function membershipsOf(userId: Guid): BatchRequest {
  return {
    method: "GET",
    url: `/users/${userId}/memberOf?$select=id&$top=${LARGEST_PAGE}`,
    purpose: { operation: "readMemberships", id: userId },
  };
}

/** One page: how many there are is compared, and more than a page of them is enough to know. */
export function membersInError(groupId: Guid): BatchRequest {
  return {
    method: "GET",
    url: `/groups/${groupId}/membersWithLicenseErrors?$select=id`,
    purpose: { operation: "readMembersInError", id: groupId },
  };
}

/** A group that was deleted, as long as it can be restored: https://learn.microsoft.com/graph/api/directory-deleteditems-get */
export function deletedItem(id: Guid): BatchRequest {
  const url = `/directory/deletedItems/${encodeURIComponent(id)}`;
  return { method: "GET", url, purpose: { operation: "readDeletedGroups", id } };
}

export function group(id: Guid): BatchRequest {
  return {
    method: "GET",
    url: `/groups/${encodeURIComponent(id)}?${GROUP_SELECT}`,
    purpose: { operation: "readGroups", id },
  };
}

export function groupRule(id: Guid): Listing {
  return {
    url: `/groups/${id}?$select=id,membershipRule,membershipRuleProcessingState`,
    purpose: { operation: "readGroups", id },
  };
}

/** The one request to the beta version. No run depends on its answer. */
export function ruleStatus(id: Guid): Listing {
  return {
    version: "beta",
    url: `/groups/${id}?$select=id,membershipRuleProcessingStatus`,
    purpose: { operation: "readGroups", id },
  };
}

export function groupsNamed(displayName: string): Listing {
  const filter = encodeURIComponent(`displayName eq '${escapeQuotes(displayName)}'`);
  return {
    url: `/groups?$filter=${filter}&$select=id,displayName&$top=${LARGEST_PAGE}`,
    purpose: { operation: "readGroups", id: null },
  };
}

export function userMembers(groupId: Guid): Listing {
  return {
    url: `/groups/${groupId}/members/microsoft.graph.user?$count=true&${USER_SELECT}&$top=${LARGEST_PAGE}`,
    headers: EVENTUAL,
    purpose: { operation: "readMembers", id: groupId },
  };
}

export function groupMembers(groupId: Guid): Listing {
  return {
    url: `/groups/${groupId}/members/microsoft.graph.group?$count=true&$select=id,displayName&$top=${LARGEST_PAGE}`,
    headers: EVENTUAL,
    purpose: { operation: "readMembers", id: groupId },
  };
}

export function usersAtAnyDepth(groupId: Guid): Listing {
  return {
    url: `/groups/${groupId}/transitiveMembers/microsoft.graph.user?$count=true&$select=id&$top=${LARGEST_PAGE}`,
    headers: EVENTUAL,
    purpose: { operation: "readMembers", id: groupId },
  };
}

/** The filter stands alone: joined with another condition Graph refuses it. */
export function holdersOf(skuId: Guid): Listing {
  const filter = encodeURIComponent(`assignedLicenses/any(s:s/skuId eq ${skuId})`);
  return {
    url: `/users?$filter=${filter}&${USER_SELECT}&$top=${LARGEST_PAGE}`,
    purpose: { operation: "readUsers", id: null },
  };
}

/** One user, to try other reads on. */
export function anyUser(): BatchRequest {
  return { method: "GET", url: "/users?$select=id&$top=1", purpose: { operation: "readUsers", id: null } };
}

/** Some groups, to try other reads on. */
export function anyGroups(): BatchRequest {
  return { method: "GET", url: "/groups?$select=id&$top=20", purpose: { operation: "readGroups", id: null } };
}

/** What the azuread plugin asks about a group that it has made. */
export function relatedTo(groupId: Guid, relation: "owners" | "members" | "memberOf"): BatchRequest {
  return {
    method: "GET",
    url: `/groups/${groupId}/${relation}?$select=id`,
    purpose: { operation: "readMadeGroups", id: groupId },
  };
}

/** What the azuread plugin asks about an owner. */
export function directoryObject(id: Guid): BatchRequest {
  return { method: "GET", url: `/directoryObjects/${id}`, purpose: { operation: "readObjects", id } };
}

/** Everybody with a licence; an advanced query, and like the one above no condition may stand beside it. */
export function licensedUsers(): Listing {
  const filter = encodeURIComponent("assignedLicenses/$count ne 0");
  const select = `$select=${DISCOVERED_PROPERTIES.join(",")}`;
  return {
    url: `/users?$filter=${filter}&$count=true&${select}&$top=${LARGEST_PAGE}`,
    headers: EVENTUAL,
    purpose: { operation: "readUsers", id: null },
  };
}

/** Ids alone, for a group of which only who is in it matters. */
export function userMemberIds(groupId: Guid): Listing {
  return {
    url: `/groups/${groupId}/members/microsoft.graph.user?$count=true&$select=id&$top=${LARGEST_PAGE}`,
    headers: EVENTUAL,
    purpose: { operation: "readMembers", id: groupId },
  };
}

/** How many users are first-level members: the count comes with a page of one. */
export function userMemberCount(groupId: Guid): BatchRequest {
  return {
    method: "GET",
    url: `/groups/${groupId}/members/microsoft.graph.user?$count=true&$select=id&$top=1`,
    headers: EVENTUAL,
    purpose: { operation: "readMembers", id: groupId },
  };
}

/** A property that has one of these values. */
export interface OneOf {
  readonly property: string;
  readonly values: readonly string[];
}

/** How many users meet all of these conditions. */
export function userCount(conditions: readonly OneOf[]): BatchRequest {
  const quoted = (value: string) => `'${escapeQuotes(value)}'`;
  const parts = conditions.map(({ property, values }) =>
    values.length === 1
      ? `${property} eq ${values.map(quoted).join("")}`
      : `${property} in (${values.map(quoted).join(",")})`,
  );
  const filter = encodeURIComponent(parts.join(" and "));
  return {
    method: "GET",
    url: `/users?$filter=${filter}&$count=true&$select=id&$top=1`,
    headers: EVENTUAL,
    purpose: { operation: "readUsers", id: null },
  };
}

/** The newest first. No `$select`: the audit log documents `$filter`, `$top` and `$orderby` alone. */
export function auditRecordsOf(groupId: Guid, since: Date): Listing {
  const filter = encodeURIComponent(
    `activityDateTime ge ${since.toISOString()} and targetResources/any(t:t/id eq '${groupId}')`,
  );
  return {
    url: `/auditLogs/directoryAudits?$filter=${filter}${NEWEST_FIRST}`,
    purpose: { operation: "readAuditLog", id: groupId },
  };
}

export function newestAuditRecord(): Listing {
  return { url: "/auditLogs/directoryAudits?$top=1", purpose: { operation: "readAuditLog", id: null } };
}

/** Of all users: one listing, however many users are asked about. The newest first, because it is read up to a bound. */
export function licenseChanges(since: Date): Listing {
  const filter = encodeURIComponent(
    `activityDisplayName eq 'Change user license' and activityDateTime ge ${since.toISOString()}`,
  );
  return {
    url: `/auditLogs/directoryAudits?$filter=${filter}${NEWEST_FIRST}`,
    purpose: { operation: "readAuditLog", id: null },
  };
}

/** Of all groups, for the same reasons. */
export function membershipsEnded(since: Date): Listing {
  const filter = encodeURIComponent(
    `activityDisplayName eq 'Remove member from group' and activityDateTime ge ${since.toISOString()}`,
  );
  return {
    url: `/auditLogs/directoryAudits?$filter=${filter}${NEWEST_FIRST}`,
    purpose: { operation: "readAuditLog", id: null },
  };
}

const NEWEST_FIRST = `&$orderby=activityDateTime%20desc&$top=${LARGEST_PAGE}`;

const MEMBERSHIP_ENDS = "/identityGovernance/privilegedAccess/group/assignmentScheduleInstances";

/** Active memberships that Privileged Identity Management knows, with their ends. A filter by group or by principal is required. */
export function membershipEndsOfGroup(groupId: Guid): Listing {
  return {
    url: `${MEMBERSHIP_ENDS}?$filter=${encodeURIComponent(`groupId eq '${groupId}'`)}`,
    purpose: { operation: "readMembershipEnds", id: groupId },
  };
}

export function membershipEndsOfUser(userId: Guid): Listing {
  return {
    url: `${MEMBERSHIP_ENDS}?$filter=${encodeURIComponent(`principalId eq '${userId}'`)}`,
    purpose: { operation: "readMembershipEnds", id: userId },
  };
}

/** OData doubles a quote inside a string. */
function escapeQuotes(text: string): string {
  return text.replaceAll("'", "''");
}
