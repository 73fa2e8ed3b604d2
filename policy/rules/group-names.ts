import type { Rule } from "../rule";

/** Licences come from groups that can be told apart from all others. */
export const groupNames: Rule<{ readonly pattern: string }> = {
  name: "group-names",
  description: "A licensing group is named by the rule for such groups.",
  settings: {
    pattern: {
      type: "string",
      format: "regex",
      default: "",
      description: "A regular expression for the display name. Empty: every name is right.",
    },
  },

  judge(row, { pattern }) {
    if (row.kind !== "group" || new RegExp(pattern, "u").test(row.group.displayName)) return [];
    const { name, displayName, groupId } = row.group;
    return [
      `licensing:groups.${name} is the group "${displayName}" (${groupId}), and a licensing group is called like ` +
        `${pattern}. Declare a group with such a name, or rename this one in Entra: its licences and members stay.`,
    ];
  },
};
