/** The application permissions that let an app make a call, from the permission tables of Graph's reference. */

const directoryRead = ["Directory.Read.All", "Directory.ReadWrite.All"];
const directoryWrite = ["Directory.ReadWrite.All"];

export const readOrganization = ["Organization.Read.All", "Organization.ReadWrite.All", ...directoryRead];
export const readSkus = [
  "LicenseAssignment.Read.All",
  "LicenseAssignment.ReadWrite.All",
  "Organization.Read.All",
  "Organization.ReadWrite.All",
  ...directoryRead,
];
export const readUsers = ["User.Read.All", "User.ReadWrite.All", ...directoryRead];
export const readGroups = [
  "GroupMember.Read.All",
  "GroupMember.ReadWrite.All",
  "Group.Read.All",
  "Group.ReadWrite.All",
  ...directoryRead,
];
export const readMemberships = [...readGroups, "User.Read.All", "User.ReadWrite.All"];
export const readLicenseDetails = [...readUsers, "LicenseAssignment.Read.All", "LicenseAssignment.ReadWrite.All"];
export const assignUserLicense = ["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", ...directoryWrite];
export const assignGroupLicense = ["LicenseAssignment.ReadWrite.All", "Group.ReadWrite.All", ...directoryWrite];
export const reprocess = ["User.ReadWrite.All", ...directoryWrite];
export const writeMembers = ["GroupMember.ReadWrite.All", "Group.ReadWrite.All", ...directoryWrite];
export const createGroups = ["Group.Create", "Group.ReadWrite.All", ...directoryWrite];
export const writeGroups = ["Group.ReadWrite.All", ...directoryWrite];
export const readAudit = ["AuditLog.Read.All"];
export const readObjects = directoryRead;
