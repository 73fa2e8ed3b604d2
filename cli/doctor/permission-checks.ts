import {
  missingFor,
  nextFor,
  OPERATIONS,
  type Operation,
  type OperationFacts,
  type Part,
  type Probed,
  type SignedIn,
} from "../../graph/tenant-graph";
import type { LicensedGroup } from "../../licensing/model";
import { RESTRICTED } from "../../licensing/preflight/group-facts";
import { fail, fix, note, pass, warn, type Check } from "./check";
import { roleChecks } from "./directory-roles";
import { howToGrant } from "./grant";
import type { MadeGroups } from "./made-groups";
import { operationsOf } from "./wanted";

export const UNLISTED = "Microsoft lists no permission for it: doctor tries it";

/** The delegated permission that lets an app do everything its user may do. */
const AS_THE_USER = "Directory.AccessAsUser.All";

const LABELS: Readonly<Record<Part, string>> = {
  preview: "preview",
  hidden: "preview",
  up: "up",
  groups: "made groups",
  moves: "moves",
  evidence: "evidence",
  reprocess: "reprocessing",
};

const ONLY_FOR: Partial<Record<Part, string>> = { groups: "groups with create:", moves: "licensing:moves" };

export interface PermissionFacts {
  readonly signedIn: SignedIn;
  readonly probed: ReadonlyMap<Operation, Probed>;
  readonly made: MadeGroups;
  /** The required parts. Missing permissions for other parts are only noted. */
  readonly wanted: ReadonlySet<Part>;
  /** The groups of the stack file, if they could be read. */
  readonly declared?: readonly LicensedGroup[];
}

interface Finding {
  readonly check: Check;
  readonly part: Part;
  readonly missing: readonly string[];
}

/** Reports missing permissions by operation, with one block of commands at the end that grants all of them. */
export function permissionChecks(facts: PermissionFacts): readonly Check[] {
  const { signedIn, made, wanted } = facts;
  const findings = operationsOf(wanted, made).map((operation) => findingOf(operation, facts));
  return [
    ...findings.map(({ check }) => check),
    ...restrictedChecks(facts),
    ...roleChecks(signedIn, wanted.has("groups")),
    ...grantCheck(findings, facts),
  ];
}

/** Reports groups in restricted management units, which no permission lets an app change. */
function restrictedChecks({ declared = [] }: PermissionFacts): readonly Check[] {
  return declared
    .filter(({ isManagementRestricted }) => isManagementRestricted === true)
    .map(({ displayName, id }) =>
      warn(
        `up: ${displayName} (${id}) gets no licence from this program: ${RESTRICTED}`,
        "Have an administrator of that unit assign what the stack file declares, or take the group out of the unit.",
      ),
    );
}

/** Of what was not asked for it grants evidence alone, which is read: an app gets no permission to write unasked. */
function grantCheck(findings: readonly Finding[], { signedIn, wanted }: PermissionFacts): readonly Check[] {
  const missing = (isIn: (part: Part) => boolean) => [
    ...new Set(findings.filter(({ part }) => isIn(part)).flatMap((each) => each.missing)),
  ];
  const needed = missing((part) => wanted.has(part));
  const optional = missing((part) => part === "evidence").filter((permission) => !needed.includes(permission));
  const all = [...needed, ...optional];
  if (all.length === 0) return [];
  const words =
    needed.length === 0
      ? `permissions: nothing that was asked for is missing. This grants what only adds evidence (${optional.join(", ")})`
      : `permissions: this grants what is missing${optional.length === 0 ? "" : `; nothing that was asked for needs ${optional.join(", ")}`}`;
  return [fix(words, ...howToGrant(all, signedIn))];
}

function findingOf(operation: Operation, facts: PermissionFacts): Finding {
  const { signedIn, probed } = facts;
  const { part, words, permissions, isUnlisted }: OperationFacts = OPERATIONS[operation];
  const what = `${LABELS[part]}: ${words}${isUnlisted === true ? ` (${UNLISTED})` : ""}`;
  const found = (check: Check, missing: readonly string[] = []): Finding => ({ check, part, missing });
  const granted = signedIn.permissions ?? [];
  const lacking = missingFor(operation, granted);
  const answer = probed.get(operation) ?? { answer: "unseen" };

  switch (answer.answer) {
    case "allowed":
      return found(pass(`${what} (${held(operation, granted) ?? "a read has shown it"})`));
    case "refused":
    case "hidden": {
      if (lacking.length > 0) return found(missing(operation, `${what}: ${areMissing(lacking)}`, facts), lacking);
      const how = answer.answer === "refused" ? "refuses it" : "leaves out what it is for";
      const next = nextFor(operation, granted);
      const words = `${what}: the token has ${held(operation, granted) ?? "it"}, and Graph ${how}`;
      return next === null
        ? found(missing(operation, words, facts))
        : found(missing(operation, `${words}; the next that Microsoft lists is ${next}`, facts), [next]);
    }
    case "trouble":
      return found((facts.wanted.has(part) ? warn : note)(`${what}: could not be tried. ${answer.words}`));
    case "unchecked":
      return found(note(`${what}: not checked, because ${answer.why}`));
    case "unseen":
      break;
  }
  if (lacking.length === 0) return found(pass(`${what} (${held(operation, granted) ?? permissions.join(", ")})`));
  if (granted.includes(AS_THE_USER)) return found(pass(`${what} (${AS_THE_USER}: as far as your own roles allow it)`));
  if (signedIn.permissions === null) {
    return found(
      warn(
        `${what}: the token does not tell, and nothing is written to find out. It needs ${permissions.join(" and ")}`,
      ),
    );
  }
  return withoutLeast(operation, `${what}: ${areMissing(lacking)}`, lacking, facts);
}

/** Where a lesser permission may be enough. */
function withoutLeast(
  operation: Operation,
  words: string,
  lacking: readonly string[],
  facts: PermissionFacts,
): Finding {
  const { part, orElse }: OperationFacts = OPERATIONS[operation];
  const check = () => missing(operation, words, facts);
  if (orElse === undefined || facts.signedIn.permissions?.includes(orElse.permission) !== true) {
    return { check: check(), part, missing: lacking };
  }
  // Owners in the stack file are users, so the app does not become an owner.
  return facts.made.nameOwners
    ? {
        check: missing(operation, `${words}; ${orElse.permission} is ${orElse.words}, and owners are named`, facts),
        part,
        missing: lacking,
      }
    : {
        check: warn(`${LABELS[part]}: ${OPERATIONS[operation].words}: ${orElse.permission} is ${orElse.words}`),
        part,
        missing: [],
      };
}

function missing(operation: Operation, words: string, { wanted }: PermissionFacts): Check {
  const { part, without }: OperationFacts = OPERATIONS[operation];
  if (wanted.has(part)) return fail(words);
  if (without !== undefined) return note(`${words}; nothing depends on it. Without it ${without}`);
  return note(`${words}; only for ${ONLY_FOR[part] ?? LABELS[part]}`);
}

/** The permissions in the token that allow it. */
function held(operation: Operation, granted: readonly string[]): string | null {
  const useful = granted.filter((each) => missingFor(operation, [each]).length < missingFor(operation, []).length);
  return useful.length === 0 ? null : useful.slice(0, 2).join(", ");
}

function areMissing(permissions: readonly string[]): string {
  return `${permissions.join(" and ")} ${permissions.length === 1 ? "is" : "are"} missing`;
}
