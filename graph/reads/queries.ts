import type { Guid } from "../../licensing/model";
import type { BatchRequest } from "../client/batch";
import { LARGEST_PAGE, LONGEST_FILTER_VALUE } from "../client/limits";
import type { Listing } from "../client/pages";
import { DISCOVERED_PROPERTIES, GROUP_PROPERTIES, SKU_PROPERTIES, USER_PROPERTIES } from "./wire";

/** All reads of Graph by this program, in the form that Microsoft documents. */

const USER_SELECT = `$select=${USER_PROPERTIES.join(",")}`;
const GROUP_SELECT = `$select=${GROUP_PROPERTIES.join(",")}`;

/**
 * A type cast in a listing is an advanced query: it needs this header and `$count=true`, and its index may lag. So no
 * removal rests on such a listing. https://learn.microsoft.com/graph/aad-advanced-queries
 */
const EVENTUAL = { ConsistencyLevel: "eventual" };

export function organization(): Listing {
  return {
    url: "/organization?$select=id,displayName,verifiedDomains,countryLetterCode",
    purpose: { operation: "readOrganization", id: null },
  };
}

/** What was bought or is tried: https://learn.microsoft.com/graph/api/directory-list-subscriptions */
export function subscriptions(): Listing {
  return { url: "/directory/subscriptions", purpose: { operation: "readOrganization", id: null } };
}

/** Supports `$select` alone, and has no pages. */
export function subscribedSkus(): Listing {
  return { url: `/subscribedSkus?$select=${SKU_PROPERTIES.join(",")}`, purpose: { operation: "readSkus", id: null } };
}

export function user(idOrUpn: string): BatchRequest {
  const name = encodeURIComponent(idOrUpn).replace("%40", "@");
  // A name that starts with $ would be read as a query option; Microsoft documents this form for it.
  const segment = idOrUpn.startsWith("$") ? `/users('$${escapeQuotes(name.slice(3))}')` : `/users/${name}`;
  return { method: "GET", url: `${segment}?${USER_SELECT}`, purpose: { operation: "readUsers", id: idOrUpn } };
}

/**
 * Groups, directory roles and administrative units; only groups have licences. Without a type cast, which would read
 * the lagging index.
 */
export function membershipsOf(userId: Guid): BatchRequest {
  return {
    method: "GET",
    url: `/users/${userId}/memberOf?$select=id&$top=${LARGEST_PAGE}`,
    purpose: { operation: "readMemberships", id: userId },
  };
}

export function membersInError(groupId: Guid): BatchRequest {
  return {
    method: "GET",
    url: `/groups/${groupId}/membersWithLicenseErrors?$select=id`,
    purpose: { operation: "readMembersInError", id: groupId },
  };
}

/** A deleted group that can still be restored: https://learn.microsoft.com/graph/api/directory-deleteditems-get */
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

/** What a group serves besides licences, as far as its own properties tell. */
export function groupUses(id: Guid): BatchRequest {
  return {
    method: "GET",
    url: `/groups/${id}?$select=id,groupTypes,isAssignableToRole,resourceProvisioningOptions`,
    purpose: { operation: "readGroups", id },
  };
}

/** App roles that the group's members have by it. */
export function appRolesOf(id: Guid): BatchRequest {
  return {
    method: "GET",
    url: `/groups/${id}/appRoleAssignments?$select=id,resourceDisplayName`,
    purpose: { operation: "readGroupUses", id },
  };
}

/** Groups, directory roles and administrative units of which the group is a member. */
export function groupsAround(id: Guid): BatchRequest {
  return {
    method: "GET",
    url: `/groups/${id}/memberOf?$select=id,displayName`,
    purpose: { operation: "readGroupUses", id },
  };
}

export function groupRule(id: Guid): Listing {
  return {
    url: `/groups/${id}?$select=id,membershipRule,membershipRuleProcessingState`,
    purpose: { operation: "readGroups", id },
  };
}

/** The only request to the beta version. No run depends on its answer. */
export function ruleStatus(id: Guid): Listing {
  return {
    version: "beta",
    url: `/groups/${id}?$select=id,membershipRuleProcessingStatus`,
    purpose: { operation: "readGroups", id },
  };
}

/** A name has up to 256 characters, but only an advanced query takes more than 120; its index may lag. */
export function groupsNamed(displayName: string): Listing {
  const filter = encodeURIComponent(`displayName eq '${escapeQuotes(displayName)}'`);
  const url = `/groups?$filter=${filter}&$select=id,displayName&$top=${LARGEST_PAGE}`;
  const purpose = { operation: "readGroups", id: null } as const;
  return displayName.length <= LONGEST_FILTER_VALUE
    ? { url, purpose }
    : { url: `${url}&$count=true`, headers: EVENTUAL, purpose };
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

/** No other condition: Graph refuses this filter in combination. */
export function holdersOf(skuId: Guid): Listing {
  const filter = encodeURIComponent(`assignedLicenses/any(s:s/skuId eq ${skuId})`);
  return {
    url: `/users?$filter=${filter}&${USER_SELECT}&$top=${LARGEST_PAGE}`,
    purpose: { operation: "readUsers", id: null },
  };
}

/** One user, for probing other reads. */
export function anyUser(): BatchRequest {
  return { method: "GET", url: "/users?$select=id&$top=1", purpose: { operation: "readUsers", id: null } };
}

/** Some groups, for probing other reads. */
export function anyGroups(): BatchRequest {
  return { method: "GET", url: "/groups?$select=id&$top=20", purpose: { operation: "readGroups", id: null } };
}

/** A read that the azuread plugin makes for a group that it created. */
export function relatedTo(groupId: Guid, relation: "owners" | "members" | "memberOf"): BatchRequest {
  return {
    method: "GET",
    url: `/groups/${groupId}/${relation}?$select=id`,
    purpose: { operation: "readMadeGroups", id: groupId },
  };
}

/** A read that the azuread plugin makes for an owner. */
export function directoryObject(id: Guid): BatchRequest {
  return { method: "GET", url: `/directoryObjects/${id}`, purpose: { operation: "readObjects", id } };
}

/** All users with a licence. An advanced query; Graph refuses this filter in combination. */
export function licensedUsers(): Listing {
  const filter = encodeURIComponent("assignedLicenses/$count ne 0");
  const select = `$select=${DISCOVERED_PROPERTIES.join(",")}`;
  return {
    url: `/users?$filter=${filter}&$count=true&${select}&$top=${LARGEST_PAGE}`,
    headers: EVENTUAL,
    purpose: { operation: "readUsers", id: null },
  };
}

/** Ids only, for callers that need no licences. */
export function userMemberIds(groupId: Guid): Listing {
  return {
    url: `/groups/${groupId}/members/microsoft.graph.user?$count=true&$select=id&$top=${LARGEST_PAGE}`,
    headers: EVENTUAL,
    purpose: { operation: "readMembers", id: groupId },
  };
}

/** Number of users that are first-level members; Graph sends the count with a page of one. */
export function userMemberCount(groupId: Guid): BatchRequest {
  return {
    method: "GET",
    url: `/groups/${groupId}/members/microsoft.graph.user?$count=true&$select=id&$top=1`,
    headers: EVENTUAL,
    purpose: { operation: "readMembers", id: groupId },
  };
}

/** A condition: the property has one of these values. */
export interface OneOf {
  readonly property: string;
  readonly values: readonly string[];
}

/** Number of users that meet all conditions. */
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

/** Newest first. No `$select`: the audit log documents only `$filter`, `$top` and `$orderby`. */
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

/** One listing for all users, newest first because only a bounded number of pages is read. */
export function licenseChanges(since: Date): Listing {
  const filter = encodeURIComponent(
    `activityDisplayName eq 'Change user license' and activityDateTime ge ${since.toISOString()}`,
  );
  return {
    url: `/auditLogs/directoryAudits?$filter=${filter}${NEWEST_FIRST}`,
    purpose: { operation: "readAuditLog", id: null },
  };
}

/** One listing for all groups, for the same reason. */
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

/**
 * Active memberships in Privileged Identity Management, with their ends. Graph requires a filter by group or principal.
 */
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
