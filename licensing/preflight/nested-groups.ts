import type { Finding } from "../finding";
import { counted, thousands } from "../counts";
import type { GroupState } from "./cohort";

const SHOWN_GROUPS = 3;

/**
 * Warns about users of nested groups, because they inherit nothing. Users that are also first-level members are
 * left out.
 */
export function nestedFindings(
  groups: readonly GroupState[],
  members: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Finding[] {
  return groups.flatMap(({ declared, nested }): Finding[] => {
    const own = members.get(declared.groupId) ?? new Set();
    const outside = nested
      .map((inner) => ({ ...inner, userIds: inner.userIds.filter((userId) => !own.has(userId)) }))
      .filter(({ userIds }) => userIds.length > 0);
    if (outside.length === 0) return [];
    const userIds = [...new Set(outside.flatMap((inner) => inner.userIds))].sort();
    const more = outside.length > SHOWN_GROUPS ? ` and ${thousands(outside.length - SHOWN_GROUPS)} more` : "";
    const names = outside.slice(0, SHOWN_GROUPS).map(({ displayName }) => displayName);
    const which =
      outside.length === 1
        ? `the group ${names.join("")}: its`
        : `${outside.length} groups (${names.join(", ")}${more}): their`;
    const inheritNothing = counted(
      userIds.length,
      "user inherits nothing through it and keeps",
      "users inherit nothing through it and keep",
    );
    return [
      {
        code: "nested-groups",
        severity: "warning",
        about: declared.name,
        count: userIds.length,
        message: `${declared.displayName} contains ${which} ${inheritNothing} ` + "what they have.",
        remedy: `Add them to ${declared.displayName} itself to move them.`,
        userIds,
      },
    ];
  });
}
