import type { Directory } from "../directory/directory";
import type { Guid, User } from "../directory/entities";
import { badRequest, notSupported } from "../graph-error";
import type { Filter, Literal } from "../http/filter";
import { compile, type Field } from "../http/predicate";

const text = (get: (user: User) => Literal): Field<User> => ({ get, operators: ["eq", "in", "startsWith"] });
const profile = (name: string) => text((user) => user.profile[name] ?? null);

/** User properties that Graph filters by without advanced query support. */
const fields: Readonly<Record<string, Field<User>>> = {
  id: { get: (user) => user.id, operators: ["eq", "in"] },
  userPrincipalName: text((user) => user.userPrincipalName),
  mail: text((user) => user.userPrincipalName),
  displayName: text((user) => user.displayName),
  accountEnabled: { get: (user) => user.accountEnabled, operators: ["eq"] },
  usageLocation: text((user) => user.usageLocation),
  department: profile("department"),
  companyName: profile("companyName"),
  country: profile("country"),
  city: profile("city"),
  jobTitle: profile("jobTitle"),
  employeeId: profile("employeeId"),
  employeeType: profile("employeeType"),
  userType: text((user) => user.profile["userType"] ?? "Member"),
};

/** Ids of the users that match a filter, found through an index if there is one. */
export function findUsers(directory: Directory, filter: Filter | undefined, advanced: boolean): readonly Guid[] {
  if (!filter) return directory.userIds();
  const licensed = byLicense(directory, filter, advanced);
  if (licensed) return licensed;
  refuseLicenseParts(filter);
  const matches = compile(filter, fields, "users");
  const users = byKey(directory, filter) ?? directory.users.values();
  return [...users].filter(matches).map((user) => user.id);
}

function byLicense(directory: Directory, filter: Filter, advanced: boolean): readonly Guid[] | undefined {
  if (filter.kind === "any" && filter.collection === "assignedLicenses" && filter.property === "skuId")
    return directory.licenses.holders(String(filter.value).toLowerCase()).list();
  if (filter.kind === "compare" && filter.property === "assignedLicenses/$count") {
    if (!advanced) throw badRequest("Unsupported Query.", "Request_UnsupportedQuery");
    if (filter.operator !== "ne" || filter.value !== 0) throw notSupported("assignedLicenses/$count other than 'ne 0'");
    return directory.licenses.licensed().list();
  }
  return undefined;
}

/** Graph allows a condition on `assignedLicenses` only alone and refuses it combined with others. */
function refuseLicenseParts(filter: Filter): void {
  if (filter.kind === "and" || filter.kind === "or") filter.parts.forEach(refuseLicenseParts);
  else if ((filter.kind === "any" ? filter.collection : filter.property).startsWith("assignedLicenses"))
    throw badRequest("Complex query on property assignedLicenses is not supported.", "Request_UnsupportedQuery");
}

function byKey(directory: Directory, filter: Filter): User[] | undefined {
  const isKey = (property: string) => property === "id" || property === "userPrincipalName";
  const found = (values: readonly Literal[]) => [
    ...new Set(values.flatMap((value) => directory.user(String(value)) ?? [])),
  ];
  if (filter.kind === "compare" && filter.operator === "eq" && isKey(filter.property)) return found([filter.value]);
  if (filter.kind === "in" && isKey(filter.property)) return found(filter.values);
  return undefined;
}
