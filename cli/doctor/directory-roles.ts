import type { SignedIn } from "../../graph/tenant-graph";
import { pass, warn, type Check } from "./check";

/** Directory roles by the id of their template: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
const USER_ADMINISTRATOR = { "fe930be7-5e62-47db-91af-98c3a49a38b1": "User Administrator" };
const GLOBAL_ADMINISTRATOR = { "62e90394-69f5-4237-9190-012177145e10": "Global Administrator" };

/** Directory roles that allow a user to assign licences, least privileged first. */
const LICENCE_ROLES = {
  "4d6ac14f-3453-41d0-bef9-a3e0c569773a": "License Administrator",
  ...USER_ADMINISTRATOR,
  ...GLOBAL_ADMINISTRATOR,
};
const GROUP_ROLES = {
  "fdd7a751-b60b-444a-984c-02652fe8fa1c": "Groups Administrator",
  ...USER_ADMINISTRATOR,
  ...GLOBAL_ADMINISTRATOR,
};

/** A signed-in user needs a directory role in addition to the app's permissions. */
export function roleChecks({ as, roles }: SignedIn, makesGroups: boolean): readonly Check[] {
  if (as !== "user") return [];
  return [
    roleCheck(roles, "up", "assign licences", LICENCE_ROLES),
    ...(makesGroups ? [roleCheck(roles, "made groups", "make groups", GROUP_ROLES)] : []),
  ];
}

function roleCheck(
  roles: readonly string[],
  part: string,
  what: string,
  enough: Readonly<Record<string, string>>,
): Check {
  const own = roles.map((id) => enough[id]).find((name) => name !== undefined);
  if (own !== undefined) return pass(`${part}: your directory role (${own})`);
  const [least = ""] = Object.values(enough);
  return warn(
    `${part}: the token shows no directory role of yours that may ${what}`,
    `Ask for the role ${least}: https://entra.microsoft.com/#view/Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles`,
    "If you have it through a group or for a time, sign in again after it is activated.",
  );
}
