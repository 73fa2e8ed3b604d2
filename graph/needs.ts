import type { GraphHttp } from "./http";
import { GraphError } from "./failure";
import { OPERATIONS, type Operation } from "./permissions";

/** What a step of a migration needs to be allowed. */
export interface Need {
  readonly step: "preview" | "licences" | "groups" | "membership" | "evidence" | "names";
  readonly words: string;
  /** The least permission first, then those that allow it as well. */
  readonly oneOf: readonly string[];
  /** A harmless read that shows whether it is allowed; `null`: only a write would, and none is tried. */
  readonly probe: Probe | null;
}

interface Probe {
  readonly url: string;
  readonly operation: Operation;
}

const DIRECTORY_READ = ["Directory.Read.All", "Directory.ReadWrite.All"];
const DIRECTORY_WRITE = ["Directory.ReadWrite.All"];

/** From Microsoft's permission data: https://learn.microsoft.com/graph/permissions-reference */
export const NEEDS: readonly Need[] = [
  {
    step: "preview",
    words: OPERATIONS.readUsers.words,
    oneOf: ["User.Read.All", "User.ReadWrite.All", ...DIRECTORY_READ],
    probe: { url: "/users?$top=1&$select=id,licenseAssignmentStates", operation: "readUsers" },
  },
  {
    step: "preview",
    words: "read groups and their members",
    oneOf: [
      "GroupMember.Read.All",
      "GroupMember.ReadWrite.All",
      "Group.Read.All",
      "Group.ReadWrite.All",
      ...DIRECTORY_READ,
    ],
    probe: { url: "/groups?$top=1&$select=id", operation: "readGroups" },
  },
  {
    step: "preview",
    words: OPERATIONS.readSkus.words,
    oneOf: [
      "LicenseAssignment.Read.All",
      "LicenseAssignment.ReadWrite.All",
      "Organization.Read.All",
      "Organization.ReadWrite.All",
      ...DIRECTORY_READ,
    ],
    probe: { url: "/subscribedSkus?$select=skuId", operation: "readSkus" },
  },
  {
    step: "licences",
    words: OPERATIONS.assignToGroups.words,
    oneOf: ["LicenseAssignment.ReadWrite.All", "Group.ReadWrite.All", ...DIRECTORY_WRITE],
    probe: null,
  },
  {
    step: "licences",
    words: OPERATIONS.assignToUsers.words,
    oneOf: ["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", ...DIRECTORY_WRITE],
    probe: null,
  },
  {
    step: "groups",
    words: "make groups",
    oneOf: ["Group.Create", "Group.ReadWrite.All", ...DIRECTORY_WRITE],
    probe: null,
  },
  {
    step: "membership",
    words: "add members to groups",
    oneOf: ["GroupMember.ReadWrite.All", "Group.ReadWrite.All", ...DIRECTORY_WRITE],
    probe: null,
  },
  {
    step: "evidence",
    words: OPERATIONS.readAuditLog.words,
    oneOf: [...OPERATIONS.readAuditLog.permissions],
    probe: { url: "/auditLogs/directoryAudits?$top=1", operation: "readAuditLog" },
  },
  {
    step: "names",
    words: OPERATIONS.readOrganization.words,
    oneOf: ["Organization.Read.All", "Organization.ReadWrite.All", ...DIRECTORY_READ],
    probe: { url: "/organization?$select=id", operation: "readOrganization" },
  },
];

/** Whether Graph allows it, asked by the read. Whatever else goes wrong is thrown. */
export async function isAllowed(http: GraphHttp, { url, operation }: Probe): Promise<boolean> {
  try {
    await http.send({ method: "GET", url, kind: "read", purpose: { operation, id: null } });
    return true;
  } catch (error) {
    if (error instanceof GraphError && error.failure.kind === "forbidden") return false;
    throw error;
  }
}
