/**
 * The requests of this program and of the azuread plugin, with the application permissions of which any one suffices,
 * least first. From the request's page or Microsoft's permission data of 2026-08-07, without devices and agents:
 * https://github.com/microsoftgraph/microsoft-graph-devx-content/blob/main/permissions/new/permissions.json
 */
const DIRECTORY_READ = ["Directory.Read.All", "Directory.ReadWrite.All"] as const;
const DIRECTORY_WRITE = ["Directory.ReadWrite.All"] as const;

const USERS = ["User.Read.All", "User.ReadWrite.All", ...DIRECTORY_READ] as const;
const GROUPS = ["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", ...DIRECTORY_READ] as const;
const MEMBERS = [
  "GroupMember.ReadBasic.All",
  "GroupMember.Read.All",
  "GroupMember.ReadWrite.All",
  "Group.ReadBasic.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  "Directory.Read.All",
] as const;
const MEMBER_OF = ["GroupMember.ReadBasic.All", "Group.ReadBasic.All", ...DIRECTORY_READ] as const;
const OWNERS = [
  "GroupMember.Read.All",
  "GroupMember.ReadWrite.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  "Directory.Read.All",
] as const;
const GROUP_WRITE = ["Group.ReadWrite.All", ...DIRECTORY_WRITE] as const;
const MEMBERS_WRITE = ["GroupMember.ReadWrite.All", "Group.ReadWrite.All", ...DIRECTORY_WRITE] as const;

export const REQUESTS = {
  /** `User.Read.All` shows only id, name and domains: https://learn.microsoft.com/graph/api/organization-get */
  "GET /organization": ["Organization.Read.All", "Organization.ReadWrite.All", ...DIRECTORY_READ],
  "GET /subscribedSkus": [
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    ...DIRECTORY_READ,
  ],
  /** Not `LicenseAssignment.Read.All`: https://learn.microsoft.com/graph/api/directory-list-subscriptions */
  "GET /directory/subscriptions": ["Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All"],
  "GET /users": USERS,
  "GET /users/{id}": USERS,
  /** Not `GroupMember.Read.All` or `User.Read.All`, which are listed for `transitiveMemberOf` only. */
  "GET /users/{id}/memberOf": MEMBER_OF,
  "GET /groups": GROUPS,
  "GET /groups/{id}": GROUPS,
  /** Not in the permission data. For a group: https://learn.microsoft.com/graph/api/directory-deleteditems-get */
  "GET /directory/deletedItems/{id}": ["Group.Read.All", "Group.ReadWrite.All", ...DIRECTORY_READ],
  "GET /groups/{id}/members/microsoft.graph.user": MEMBERS,
  "GET /groups/{id}/members/microsoft.graph.group": MEMBERS,
  "GET /groups/{id}/transitiveMembers/microsoft.graph.user": MEMBERS,
  /** Not in the permission data, and no page of its own: a relationship of a group like its members, https://learn.microsoft.com/graph/api/resources/group */
  "GET /groups/{id}/membersWithLicenseErrors": GROUPS,
  "GET /auditLogs/directoryAudits": ["AuditLog.Read.All", "Directory.Read.All"],
  /** Needs Microsoft Entra ID P2 or ID Governance as well. */
  "GET /identityGovernance/privilegedAccess/group/assignmentScheduleInstances": [
    "PrivilegedAssignmentSchedule.Read.AzureADGroup",
    "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
  ],
  "POST /users/{id}/assignLicense": ["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", ...DIRECTORY_WRITE],
  "POST /groups/{id}/assignLicense": ["LicenseAssignment.ReadWrite.All", "Group.ReadWrite.All", ...DIRECTORY_WRITE],
  "POST /users/{id}/reprocessLicenseAssignment": ["User.ReadWrite.All", ...DIRECTORY_WRITE],
  /**
   * For `members@odata.bind` only; other properties need `Group.ReadWrite.All`:
   * https://learn.microsoft.com/graph/api/group-post-members
   */
  "PATCH /groups/{id}": MEMBERS_WRITE,
  "POST /groups/{id}/members/$ref": MEMBERS_WRITE,
  /** https://learn.microsoft.com/graph/api/group-delete-members */
  "DELETE /groups/{id}/members/{id}/$ref": MEMBERS_WRITE,
  /** https://learn.microsoft.com/graph/api/group-list-approleassignments */
  "GET /groups/{id}/appRoleAssignments": [
    "Directory.Read.All",
    "Directory.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
  ],
  "POST /groups": ["Group.Create", ...GROUP_WRITE],
  "DELETE /groups/{id}": ["Group.ReadWrite.All"],
  "GET /groups/{id}/members": MEMBERS,
  "GET /groups/{id}/memberOf": [
    "GroupMember.ReadBasic.All",
    "GroupMember.Read.All",
    "Group.ReadBasic.All",
    "Group.Read.All",
    ...DIRECTORY_READ,
  ],
  "GET /groups/{id}/owners": OWNERS,
  "POST /groups/{id}/owners/$ref": GROUP_WRITE,
  "DELETE /groups/{id}/owners/{id}/$ref": GROUP_WRITE,
  "GET /directoryObjects/{id}": ["Directory.Read.All"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type RequestName = keyof typeof REQUESTS;
