import type { LicensedGroup, LicensedUser } from "../../licensing/model";
import { Refusal } from "../../licensing/refusal";
import type { StackFile } from "../../licensing/stack-file";
import { counted } from "../../licensing/tally";
import { copySchema } from "./schema";

/** So many are named. */
const NAMED = 5;

/** Before anything is read. */
export function refuseRules({ groups }: StackFile): void {
  const byRule = groups.filter((group) => "create" in group && group.create.members.kind === "rule");
  if (byRule.length === 0) return;
  throw new Refusal(
    [
      "This stack file cannot be rehearsed; nothing was read:",
      ...byRule.map(({ name }) => `  licensing:groups.${name}.create.members is a rule`),
      "Only Entra can tell whom a rule takes: it goes by every user of the tenant and by properties that a copy does not have. Make the group first, " +
        "by an `up` without licensing:applyThrough, which removes nothing; then rehearse a stack file that declares it as existing, beside the one with the rule.",
    ].join("\n"),
  );
}

/** What Graph says and the embedded Graph could not say in the same words. Nothing is bent to fit. */
export function refuseUnknownWords(users: Iterable<LicensedUser>, groups: Iterable<LicensedGroup>): void {
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
      "In the real tenant nothing is removed from such users. Look at them in the admin center, reprocess their licences there, and rehearse again.",
    ].join("\n"),
  );
}

function some(ids: readonly string[]): string {
  const more = ids.length - NAMED;
  return ids.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${counted(more, "more", "more")}` : "");
}
