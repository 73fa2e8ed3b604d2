import type { GraphHttp } from "./http";
import { GraphError } from "./failure";
import { OPERATIONS, type Operation } from "./permissions";
import { isObject, textFrom } from "./wire";

/** What a step of a migration needs to be allowed. */
export interface Need {
  readonly step: "preview" | "licences" | "groups" | "membership" | "owners" | "evidence" | "names";
  readonly words: string;
  /** The least permission first, then those that allow it as well. */
  readonly oneOf: readonly string[];
  /** A permission that is enough in one case, which the words say. */
  readonly orElse?: { readonly permission: string; readonly words: string };
  /** A harmless read that shows whether it is allowed; `null`: only a write would, and none is tried. */
  readonly probe: Probe | null;
}

interface Probe {
  /** With `{id}` in it: of the first object of `idFrom`. */
  readonly url: string;
  readonly idFrom?: string;
  readonly operation: Operation;
}

const DIRECTORY_READ = ["Directory.Read.All", "Directory.ReadWrite.All"];
const DIRECTORY_WRITE = ["Directory.ReadWrite.All"];

/**
 * From Microsoft's permission data: https://learn.microsoft.com/graph/permissions-reference
 * What the azuread plugin needs is in its own words: https://www.pulumi.com/registry/packages/azuread/api-docs/group/#api-permissions
 */
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
    words: "make groups and change them",
    oneOf: ["Group.ReadWrite.All", ...DIRECTORY_WRITE],
    orElse: { permission: "Group.Create", words: "enough as long as the app itself owns the groups that it makes" },
    probe: null,
  },
  {
    step: "membership",
    words: "add members to groups",
    oneOf: ["GroupMember.ReadWrite.All", "Group.ReadWrite.All", ...DIRECTORY_WRITE],
    probe: null,
  },
  {
    step: "owners",
    words: OPERATIONS.readObjects.words,
    oneOf: DIRECTORY_READ,
    // The plugin's documents say that User.Read.All does, Graph's that it does not. The read tells.
    probe: { url: "/directoryObjects/{id}", idFrom: "/users?$top=1&$select=id", operation: "readObjects" },
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

/** Whether Graph allows it, asked by the read; `null`: there is nothing to read. Whatever else goes wrong is thrown. */
export async function isAllowed(http: GraphHttp, { url, idFrom, operation }: Probe): Promise<boolean | null> {
  const read = (from: string) =>
    http.send({ method: "GET", url: from, kind: "read", purpose: { operation, id: null } });
  try {
    if (idFrom === undefined) {
      await read(url);
      return true;
    }
    const id = firstId(await read(idFrom).catch(nothingWhereForbidden));
    if (id === null) return null;
    await read(url.replace("{id}", id));
    return true;
  } catch (error) {
    nothingWhereForbidden(error);
    return false;
  }
}

function nothingWhereForbidden(error: unknown): null {
  if (error instanceof GraphError && error.failure.kind === "forbidden") return null;
  throw error;
}

function firstId(page: unknown): string | null {
  const value = isObject(page) ? page["value"] : null;
  const first: unknown = Array.isArray(value) ? value[0] : null;
  return isObject(first) ? textFrom(first["id"]) : null;
}
