/**
 * What this program does in a tenant, in words, and the least application permissions for it.
 * From Microsoft's permission data: https://learn.microsoft.com/graph/permissions-reference
 */
export const OPERATIONS = {
  readOrganization: { words: "read the organisation", permissions: ["Organization.Read.All"] },
  readSkus: { words: "read the tenant's SKUs and seats", permissions: ["LicenseAssignment.Read.All"] },
  readUsers: { words: "read users and their licences", permissions: ["User.Read.All"] },
  readGroups: { words: "read groups", permissions: ["GroupMember.Read.All"] },
  readMembers: {
    words: "read the members of groups and their licences",
    permissions: ["GroupMember.Read.All", "User.Read.All"],
  },
  readMembersInError: { words: "read members with licence errors", permissions: ["GroupMember.Read.All"] },
  readMemberships: { words: "read the groups of a user", permissions: ["GroupMember.Read.All", "User.Read.All"] },
  assignToUsers: {
    words: "assign licences to users or remove them",
    permissions: ["LicenseAssignment.ReadWrite.All"],
  },
  assignToGroups: { words: "assign licences to groups", permissions: ["LicenseAssignment.ReadWrite.All"] },
  addMembers: { words: "add members to groups", permissions: ["GroupMember.ReadWrite.All"] },
  readAuditLog: { words: "read the audit log", permissions: ["AuditLog.Read.All"] },
  readObjects: { words: "look up what an owner is", permissions: ["Directory.Read.All"] },
} as const satisfies Record<string, { words: string; permissions: readonly string[] }>;

export type Operation = keyof typeof OPERATIONS;
