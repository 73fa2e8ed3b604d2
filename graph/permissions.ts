import { REQUESTS, type RequestName } from "./requests";

/** What a permission is for. `groups`: groups that are made here. Nothing depends on `evidence`, and on `reprocess`, which the stack file asks for. */
export type Part = "preview" | "up" | "groups" | "evidence" | "reprocess";

export interface OperationFacts {
  /** Follows "may", "to" and "can't". */
  readonly words: string;
  readonly part: Part;
  readonly requests: readonly RequestName[];
  /** Requests that show the properties of what comes: without a permission for these they come as null. */
  readonly shownBy?: readonly RequestName[];
  /** The permissions to ask for, which allow all of its requests together. */
  readonly permissions: readonly string[];
  /** Of made groups: only where members are added, or owners named. */
  readonly when?: "members" | "owners";
  /** Follows "without it": what a run lacks that can do without. */
  readonly without?: string;
  /** A permission that is enough in one case, which the words say. */
  readonly orElse?: { readonly permission: string; readonly words: string };
}

/** What this program does in a tenant. docs/permissions.md, `doctor` and the text of a 403 are made from this. */
export const OPERATIONS = {
  readUsers: {
    words: "read users and their licences",
    part: "preview",
    requests: ["GET /users", "GET /users/{id}"],
    permissions: ["User.Read.All"],
  },
  readGroups: {
    words: "read groups and their licences",
    part: "preview",
    requests: ["GET /groups", "GET /groups/{id}"],
    permissions: ["GroupMember.Read.All"],
  },
  readMembers: {
    words: "read the members of groups and their licences",
    part: "preview",
    requests: [
      "GET /groups/{id}/members/microsoft.graph.user",
      "GET /groups/{id}/members/microsoft.graph.group",
      "GET /groups/{id}/transitiveMembers/microsoft.graph.user",
    ],
    shownBy: ["GET /users/{id}"],
    permissions: ["GroupMember.Read.All", "User.Read.All"],
  },
  readMembersInError: {
    words: "read members with licence errors",
    part: "preview",
    requests: ["GET /groups/{id}/membersWithLicenseErrors"],
    permissions: ["GroupMember.Read.All"],
  },
  readMemberships: {
    words: "read the groups of a user",
    part: "preview",
    requests: ["GET /users/{id}/memberOf"],
    permissions: ["GroupMember.ReadBasic.All"],
  },
  readSkus: {
    words: "read the tenant's SKUs and seats",
    part: "preview",
    requests: ["GET /subscribedSkus"],
    permissions: ["LicenseAssignment.Read.All"],
  },
  assignToGroups: {
    words: "assign licences to groups",
    part: "up",
    requests: ["POST /groups/{id}/assignLicense"],
    permissions: ["LicenseAssignment.ReadWrite.All"],
  },
  assignToUsers: {
    words: "assign licences to users or remove them",
    part: "up",
    requests: ["POST /users/{id}/assignLicense"],
    permissions: ["LicenseAssignment.ReadWrite.All"],
  },
  makeGroups: {
    words: "make groups and change them",
    part: "groups",
    requests: [
      "POST /groups",
      "DELETE /groups/{id}",
      "GET /groups/{id}/owners",
      "POST /groups/{id}/owners/$ref",
      "DELETE /groups/{id}/owners/{id}/$ref",
    ],
    permissions: ["Group.ReadWrite.All"],
    orElse: { permission: "Group.Create", words: "enough as long as the app itself owns the groups that it makes" },
  },
  addMembers: {
    words: "add members to groups",
    part: "groups",
    when: "members",
    requests: ["PATCH /groups/{id}", "POST /groups/{id}/members/$ref"],
    permissions: ["GroupMember.ReadWrite.All"],
  },
  readObjects: {
    words: "look up what an owner is",
    part: "groups",
    when: "owners",
    requests: ["GET /directoryObjects/{id}"],
    permissions: ["Directory.Read.All"],
  },
  readAuditLog: {
    words: "read the audit log",
    part: "evidence",
    without: "licences that came back have no names behind them",
    requests: ["GET /auditLogs/directoryAudits"],
    permissions: ["AuditLog.Read.All"],
  },
  readOrganization: {
    words: "read the organisation",
    part: "evidence",
    without: "the country that stands in for a missing usage location is unknown",
    requests: ["GET /organization"],
    permissions: ["Organization.Read.All"],
  },
  readDeletedGroups: {
    words: "look for deleted groups in the recycle bin",
    part: "evidence",
    without: "until when a deleted group can be restored is unknown",
    requests: ["GET /directory/deletedItems/{id}"],
    permissions: ["Group.Read.All"],
  },
  readMembershipEnds: {
    words: "read which memberships end by themselves",
    part: "evidence",
    without: "a membership that ends by itself is taken for one that lasts",
    requests: ["GET /identityGovernance/privilegedAccess/group/assignmentScheduleInstances"],
    permissions: ["PrivilegedAssignmentSchedule.Read.AzureADGroup"],
  },
  reprocess: {
    words: "have Entra try the licences of members in error again",
    part: "reprocess",
    without: "they are reprocessed by a person",
    requests: ["POST /users/{id}/reprocessLicenseAssignment"],
    permissions: ["User.ReadWrite.All"],
  },
} as const satisfies Readonly<Record<string, OperationFacts>>;

export type Operation = keyof typeof OPERATIONS;

/** What to grant beside these permissions, so that the operation is allowed. */
export function missingFor(operation: Operation, granted: readonly string[]): readonly string[] {
  const { requests, shownBy = [], permissions }: OperationFacts = OPERATIONS[operation];
  const allows = (name: RequestName, permission: string) => (REQUESTS[name] as readonly string[]).includes(permission);
  const refused = [...requests, ...shownBy].filter((name) => !granted.some((each) => allows(name, each)));
  return permissions.filter((each) => refused.some((name) => allows(name, each)));
}
