import { NEEDS, type Need, type SignedIn } from "../../graph/tenant-graph";
import { fail, note, pass, warn, type Check } from "./check";
import { howToGrant } from "./grant";
import type { MadeGroups } from "./made-groups";

/** With it an app may do what its user may. */
const AS_THE_USER = "Directory.AccessAsUser.All";

/** Directory roles by the id of their template: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
const USER_ADMINISTRATOR = { "fe930be7-5e62-47db-91af-98c3a49a38b1": "User Administrator" };
const GLOBAL_ADMINISTRATOR = { "62e90394-69f5-4237-9190-012177145e10": "Global Administrator" };

/** Roles with which a user may do it, least first. */
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

export interface PermissionFacts {
  readonly signedIn: SignedIn;
  /** What a harmless read has shown. */
  readonly probed: ReadonlyMap<Need, boolean>;
  readonly made: MadeGroups;
}

/** What a run of this stack needs. Without a stack file all is asked for that one could. */
export function needsOf(made: MadeGroups): readonly Need[] {
  return NEEDS.filter(({ step }) => {
    if (step === "groups") return made.some !== false;
    if (step === "membership") return made.some !== false && made.addMembers;
    if (step === "owners") return made.some !== false && made.nameOwners;
    return true;
  });
}

/** Each permission that the steps need, as there or missing. What a read has shown stands above what a token says. */
export function permissionChecks(facts: PermissionFacts): readonly Check[] {
  const { signedIn, made } = facts;
  return [
    ...needsOf(made).map((need) => checkOf(need, facts)),
    ...rolesOf(signedIn, "licences", "assign licences", LICENCE_ROLES),
    ...(made.some === true ? rolesOf(signedIn, "groups", "make groups", GROUP_ROLES) : []),
  ];
}

function checkOf(need: Need, facts: PermissionFacts): Check {
  const { signedIn, made } = facts;
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
  const { permission, words } = need.orElse ?? {};
  if (permission !== undefined && words !== undefined && signedIn.permissions.includes(permission)) {
    // Owners in the stack file are users, so that the app is none of them.
    return made.nameOwners
      ? missing(need, facts, `${what}: ${least} is missing; ${permission} is ${words}, and owners are named`, remedy)
      : warn(`${what}: ${permission} is ${words}`, ...remedy);
  }
  return missing(need, facts, `${what}: ${least} is missing`, remedy);
}

function missing(need: Need, { made }: PermissionFacts, words: string, remedy: readonly string[]): Check {
  switch (need.step) {
    case "preview":
    case "licences":
      return fail(words, ...remedy);
    case "groups":
    case "membership":
    case "owners":
      return made.some === true ? fail(words, ...remedy) : note(`${words}; only for groups with create:`, ...remedy);
    case "evidence":
      return note(`${words}; nothing depends on it`, ...remedy);
    case "names":
      return note(`${words}; without it write the tenant's id, not a domain, in licensing:tenant`, ...remedy);
  }
}

/** A user needs a directory role beside what the app may. */
function rolesOf(
  { as, roles }: SignedIn,
  step: string,
  what: string,
  enough: Readonly<Record<string, string>>,
): readonly Check[] {
  if (as !== "user") return [];
  const own = roles.map((id) => enough[id]).find((name) => name !== undefined);
  if (own !== undefined) return [pass(`${step}: your directory role (${own})`)];
  const [least = ""] = Object.values(enough);
  return [
    warn(
      `${step}: the token shows no directory role of yours that may ${what}`,
      `Ask for the role ${least}: https://entra.microsoft.com/#view/Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles`,
      "If you have it through a group or for a time, sign in again after it is activated.",
    ),
  ];
}
