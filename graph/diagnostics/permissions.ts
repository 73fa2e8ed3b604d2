import { REQUESTS, type RequestName } from "./requests";

/**
 * The part of the program that needs a permission. `hidden`: declared groups with hidden membership; `groups`: groups
 * created here; `moves`: licensing:moves. `evidence` is optional, and `reprocess` is needed only if the stack file asks for it.
 */
export type Part = "preview" | "hidden" | "up" | "groups" | "moves" | "evidence" | "reprocess";

export interface OperationFacts {
  /** Follows "may", "to" and "can't". */
  readonly words: string;
  readonly part: Part;
  readonly requests: readonly RequestName[];
  /** Reads that have the needed properties: without a permission for these, the properties come as null. */
  readonly shownBy?: readonly RequestName[];
  /** The permissions to recommend, which together allow all of its requests. */
  readonly permissions: readonly string[];
  /** For created groups: needed only if members are added, or owners named. */
  readonly when?: "members" | "owners";
  /** Follows "without it": the effect on a run. */
  readonly without?: string;
  /** A permission needed in addition to those of the requests. */
  readonly besides?: string;
  /** Microsoft's permission data does not list the requests, so only the probe can tell. */
  readonly isUnlisted?: true;
  /** A permission that suffices in one case, given by `words`. */
  readonly orElse?: { readonly permission: string; readonly words: string };
}

/** All operations in a tenant. docs/permissions.md, `doctor` and the text of a 403 are generated from this. */
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
    isUnlisted: true,
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
  /** "To list the members of a hidden membership group": https://learn.microsoft.com/graph/api/group-list-members#permissions */
  readHiddenMembers: {
    words: "read the members of groups with hidden membership",
    part: "hidden",
    requests: [],
    besides: "Member.Read.Hidden",
    permissions: ["Member.Read.Hidden"],
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
  readMadeGroups: {
    words: "read owners and memberships of the groups that are made",
    part: "groups",
    requests: ["GET /groups/{id}/owners", "GET /groups/{id}/members", "GET /groups/{id}/memberOf"],
    permissions: ["GroupMember.Read.All"],
  },
  makeGroups: {
    words: "make groups and change them",
    part: "groups",
    requests: [
      "POST /groups",
      "DELETE /groups/{id}",
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
  readGroupUses: {
    words: "read what a group serves besides licences",
    part: "moves",
    requests: ["GET /groups/{id}/appRoleAssignments", "GET /groups/{id}/memberOf"],
    permissions: ["Directory.Read.All"],
  },
  removeMembers: {
    words: "move members from group to group",
    part: "moves",
    requests: ["PATCH /groups/{id}", "POST /groups/{id}/members/$ref", "DELETE /groups/{id}/members/{id}/$ref"],
    permissions: ["GroupMember.ReadWrite.All"],
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
    without:
      "the country that stands in for a missing usage location is unknown, and a trial is known by its name alone",
    requests: ["GET /organization", "GET /directory/subscriptions"],
    permissions: ["Organization.Read.All"],
  },
  readDeletedGroups: {
    words: "look for deleted groups in the recycle bin",
    part: "evidence",
    without: "until when a deleted group can be restored is unknown",
    isUnlisted: true,
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

const allows = (name: RequestName, permission: string) => (REQUESTS[name] as readonly string[]).includes(permission);

/** The permissions to grant in addition to `granted`, so that the operation is allowed. */
export function missingFor(operation: Operation, granted: readonly string[]): readonly string[] {
  const { requests, shownBy = [], permissions, besides }: OperationFacts = OPERATIONS[operation];
  const refused = [...requests, ...shownBy].filter((name) => !granted.some((each) => allows(name, each)));
  return permissions.filter((each) =>
    each === besides ? !granted.includes(each) : refused.some((name) => allows(name, each)),
  );
}

/**
 * The least permission that allows all requests of the operation and is not granted yet, for when Graph refuses
 * although `granted` should suffice; `null` if there is none.
 */
export function nextFor(operation: Operation, granted: readonly string[]): string | null {
  const { requests }: OperationFacts = OPERATIONS[operation];
  const [first, ...others] = requests;
  const listed: readonly string[] = first === undefined ? [] : REQUESTS[first];
  // Reading operations must not ask for write permissions.
  const found = listed.find(
    (each) => !each.includes("Write") && !granted.includes(each) && others.every((name) => allows(name, each)),
  );
  return found ?? null;
}
