import { sameRule, type OwnGroup } from "../stack-file/own-group";
import { counted } from "../counts";

/**
 * Refuses a change of a membership rule while members depend on the group; `null`: allowed or unchanged. Only Entra
 * can evaluate the new rule, and excluded users lose the licence at once, so no proof is possible beforehand.
 *
 * @param dependents number of members with a plan from this group alone
 */
export function ruleChange(group: OwnGroup | undefined, dependents: number): string | null {
  if (group?.members.kind !== "rule" || group.ruleBefore === null || dependents === 0) return null;
  if (sameRule(group.ruleBefore, group.members.rule)) return null;
  const { displayName } = group.creation;
  return (
    `licensing:groups.${group.name} has another rule than the last run gave it (${group.ruleBefore}), and ` +
    `${counted(dependents, "member depends", "members depend")} on ${displayName} for a service. Members that the new rule does not take would lose it ` +
    `the moment Entra evaluates it, and only Entra can tell which members those are, so nothing was changed. Put the rule back, and declare ` +
    `a further group with the new rule beside ${group.name}. When all members inherit from it, take ${group.name} out of the file.`
  );
}
