import { NEEDS, type Need, type SignedIn } from "../../graph/tenant-graph";
import { fail, note, pass, warn, type Check } from "./check";
import { howToGrant } from "./grant";

/** With it an app may do what its user may. */
const AS_THE_USER = "Directory.AccessAsUser.All";

/** Roles with which a user may assign licences, least first: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
const LICENCE_ROLES: Readonly<Record<string, string>> = {
  "4d6ac14f-3453-41d0-bef9-a3e0c569773a": "License Administrator",
  "fe930be7-5e62-47db-91af-98c3a49a38b1": "User Administrator",
  "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
};

export interface PermissionFacts {
  readonly signedIn: SignedIn;
  /** What a harmless read has shown. */
  readonly probed: ReadonlyMap<Need, boolean>;
  /** Whether the stack file has a group with `create:`. */
  readonly makesGroups: boolean;
}

/** Each permission that the steps need, as there or missing. What a read has shown stands above what a token says. */
export function permissionChecks(facts: PermissionFacts): readonly Check[] {
  return [...NEEDS.map((need) => checkOf(need, facts)), ...rolesOf(facts.signedIn)];
}

function checkOf(need: Need, facts: PermissionFacts): Check {
  const { signedIn } = facts;
  const [least = ""] = need.oneOf;
  const listed = need.oneOf.find((each) => signedIn.permissions?.includes(each) === true);
  const shown = facts.probed.get(need);
  const what = `${need.step}: ${need.words}`;
  const remedy = howToGrant(least, signedIn);
  if (shown === true) return pass(`${what} (${listed ?? "a read has shown it"})`);
  if (shown === false) {
    const refused = listed === undefined ? `${least} is missing` : `the token has ${listed}, and Graph refuses it`;
    return missing(need, facts, `${what}: ${refused}`, remedy);
  }
  if (listed !== undefined) return pass(`${what} (${listed})`);
  if (signedIn.permissions?.includes(AS_THE_USER) === true) {
    return pass(`${what} (${AS_THE_USER}: as far as your own roles allow it)`);
  }
  if (signedIn.permissions === null) {
    return warn(`${what}: the token does not tell, and nothing is written to find out. It needs ${least}`, ...remedy);
  }
  return missing(need, facts, `${what}: ${least} is missing`, remedy);
}

function missing(need: Need, { makesGroups }: PermissionFacts, words: string, remedy: readonly string[]): Check {
  switch (need.step) {
    case "preview":
    case "licences":
      return fail(words, ...remedy);
    case "groups":
    case "membership":
      return makesGroups ? fail(words, ...remedy) : note(`${words}; only for groups with create:`, ...remedy);
    case "evidence":
      return note(`${words}; nothing depends on it`, ...remedy);
    case "names":
      return note(`${words}; without it write the tenant's id, not a domain, in licensing:tenant`, ...remedy);
  }
}

/** A user needs a directory role beside what the app may. */
function rolesOf({ as, roles }: SignedIn): readonly Check[] {
  if (as !== "user") return [];
  const own = roles.map((id) => LICENCE_ROLES[id]).find((name) => name !== undefined);
  if (own !== undefined) return [pass(`licences: your directory role (${own})`)];
  return [
    warn(
      "licences: the token shows no directory role of yours that may assign licences",
      "Ask for the role License Administrator: https://entra.microsoft.com/#view/Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles",
      "If you have it through a group or for a time, sign in again after it is activated.",
    ),
  ];
}
