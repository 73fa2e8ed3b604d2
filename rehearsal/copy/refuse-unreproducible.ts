import type { AttributeRule } from "../../licensing/discovery/attributes";
import { readRule } from "../../licensing/discovery/rule-text";
import type { LicensedGroup, LicensedUser } from "../../licensing/model";
import { Refusal } from "../../licensing/refusal";
import type { StackFile } from "../../licensing/stack-file/stack-file";
import { counted } from "../../licensing/counts";
import { withOverlaps } from "./overlaps";
import { rulesOf } from "./rules";
import { copySchema } from "./schema";

/** Number of objects that a refusal names. */
const NAMED = 5;

/**
 * The membership rules of the stack file with their overlaps, checked before anything is read. Only rules on properties that
 * Graph can filter and count by can be reproduced; the rules that `discover` writes always can.
 */
export function reproducibleRules(stackFile: StackFile): readonly AttributeRule[] {
  const rules = rulesOf(stackFile).map(({ group, text }) => ({ group, text, read: countable(text) }));
  const others = rules.filter(({ read }) => read === null);
  if (others.length > 0) {
    refuseRules([
      ...others.map(({ group, text }) => `  licensing:groups.${group}.create.members has the rule ${text}`),
      "Only Entra can tell which users it takes. Rules with department, companyName or country can be rehearsed, each of them once, and 15 values in all, such as " +
        'user.department -in ["Design", "Sales"] -and user.country -eq "DE".',
    ]);
  }
  const all = withOverlaps(rules.flatMap(({ read }) => (read === null ? [] : [read])));
  if (all !== null) return all;
  return refuseRules([
    `  The ${counted(rules.length, "rule")} under licensing:groups overlap in so many ways that their users cannot be counted.`,
  ]);
}

/** Graph's limit of values in one filter: https://learn.microsoft.com/graph/filter-query-parameter */
const MOST_VALUES = 15;

function countable(text: string): AttributeRule | null {
  const rule = readRule(text);
  return rule !== null && rule.flatMap(({ values }) => values).length <= MOST_VALUES ? rule : null;
}

function refuseRules(why: readonly string[]): never {
  throw new Refusal(
    [
      "This stack file cannot be rehearsed; nothing was read:",
      ...why,
      "For others, make the group first, by an `up` without licensing:applyThrough, which removes nothing; then rehearse a stack file that " +
        "declares it as existing, beside the one with the rule.",
    ].join("\n"),
  );
}

/** Refuses states and errors that the embedded Graph cannot reproduce exactly, instead of mapping them to similar ones. */
export function refuseUnknownArgs(users: Iterable<LicensedUser>, groups: Iterable<LicensedGroup>): void {
  const { shape } = copySchema;
  const states = shape.users.element.shape.assignments.element.shape;
  const processing = shape.groups.element.shape.processingState;
  const unknown = new Map<string, string[]>();
  const note = (what: string, id: string) => unknown.set(what, [...(unknown.get(what) ?? []), id]);
  for (const { id, assignments } of users) {
    for (const { state, error } of assignments) {
      if (!states.state.safeParse(state).success) note(`a licence in the state "${state}"`, `user ${id}`);
      if (!states.error.safeParse(error).success) note(`a licence with the error "${error ?? ""}"`, `user ${id}`);
    }
  }
  for (const { id, processingState } of groups) {
    if (!processing.safeParse(processingState).success)
      note(`the processing state "${processingState ?? ""}"`, `group ${id}`);
  }
  if (unknown.size === 0) return;
  throw new Refusal(
    [
      "This tenant cannot be rehearsed as it is; nothing was changed. Graph says what this program does not know:",
      ...[...unknown].map(([what, ids]) => `  ${what}: ${some(ids)}`),
      "In the real tenant nothing is removed from such users. Look at GET /users/{id}?$select=licenseAssignmentStates, reprocess them (Invoke-MgLicenseUser -UserId ID), and rehearse again.",
    ].join("\n"),
  );
}

function some(ids: readonly string[]): string {
  const more = ids.length - NAMED;
  return ids.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${counted(more, "more", "more")}` : "");
}
