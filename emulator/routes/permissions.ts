/**
 * The application permissions that each call accepts. Source: Microsoft's permission data of 2026-08-07
 * (https://github.com/microsoftgraph/microsoft-graph-devx-content) and the pages of Graph's reference.
 */

const directoryRead = ["Directory.Read.All", "Directory.ReadWrite.All"];
const directoryWrite = ["Directory.ReadWrite.All"];

/** Shows all properties of the organisation. With `User.Read.All` alone Graph shows only id, name and domains. */
export const readOrganization = ["Organization.Read.All", "Organization.ReadWrite.All", ...directoryRead];
export const seeOrganization = [...readOrganization, "User.Read.All"];
/** https://learn.microsoft.com/graph/api/directory-list-subscriptions */
export const readSubscriptions = ["Organization.Read.All", "Organization.ReadWrite.All", "Directory.Read.All"];
export const readSkus = [
  "LicenseAssignment.Read.All",
  "Organization.Read.All",
  "Organization.ReadWrite.All",
  ...directoryRead,
];
export const readUsers = ["User.Read.All", "User.ReadWrite.All", ...directoryRead];
export const readGroups = ["GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All", ...directoryRead];
export const readMembers = [
  "GroupMember.ReadBasic.All",
  "GroupMember.Read.All",
  "GroupMember.ReadWrite.All",
  "Group.ReadBasic.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  "Directory.Read.All",
];
/** Required in addition for groups with hidden membership: https://learn.microsoft.com/graph/api/group-list-members#permissions */
export const readHiddenMembers = ["Member.Read.Hidden"];
/** For checkMemberGroups: transitive memberships in given groups. */
export const checkMemberships = [
  "GroupMember.ReadBasic.All",
  "GroupMember.Read.All",
  "Group.ReadBasic.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  ...readUsers,
];
export const readOwners = [
  "GroupMember.Read.All",
  "GroupMember.ReadWrite.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  "Directory.Read.All",
];
/** For a user's direct memberships. */
export const readMemberships = ["GroupMember.ReadBasic.All", "Group.ReadBasic.All", ...directoryRead];
export const readMembershipsOfGroup = [
  "GroupMember.ReadBasic.All",
  "GroupMember.Read.All",
  "Group.ReadBasic.All",
  "Group.Read.All",
  ...directoryRead,
];
export const readAppRoles = [...directoryRead, "AppRoleAssignment.ReadWrite.All"];
export const readLicenseDetails = ["LicenseAssignment.Read.All", ...readUsers];
export const assignUserLicense = ["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", ...directoryWrite];
export const assignGroupLicense = ["LicenseAssignment.ReadWrite.All", "Group.ReadWrite.All", ...directoryWrite];
export const writeUsers = ["User.ReadWrite.All", ...directoryWrite];
export const reprocess = ["User.ReadWrite.All", ...directoryWrite];
export const writeMembers = ["GroupMember.ReadWrite.All", "Group.ReadWrite.All", ...directoryWrite];
export const createGroups = ["Group.Create", "Group.ReadWrite.All", ...directoryWrite];
export const writeGroups = ["Group.ReadWrite.All", ...directoryWrite];
export const deleteGroups = ["Group.ReadWrite.All"];
export const readAudit = ["AuditLog.Read.All", "Directory.Read.All"];
export const readObjects = ["Directory.Read.All"];
export const readMembershipEnds = [
  "PrivilegedAssignmentSchedule.Read.AzureADGroup",
  "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
];
export const readDeletedGroups = ["Group.Read.All", "Group.ReadWrite.All", ...directoryRead];
