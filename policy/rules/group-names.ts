import { known, type Row } from "../rows";
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
    const found = nameIn(row);
    if (found === null || new RegExp(pattern, "u").test(found.displayName)) return [];
    const { key, displayName, groupId, isMade } = found;
    const which = groupId === null ? `"${displayName}"` : `"${displayName}" (${groupId})`;
    const remedy = isMade
      ? "Write such a name as its create.displayName."
      : "Declare a group with such a name, or rename this one in Entra: its licences and members stay.";
    return [
      `licensing:groups.${key} ${isMade ? "makes" : "is"} the group ${which}, and a licensing group is called like ${pattern}. ${remedy}`,
    ];
  },
};

interface NamedGroup {
  /** The logical name. */
  readonly key: string;
  readonly displayName: string;
  readonly groupId: string | null;
  readonly isMade: boolean;
}

function nameIn(row: Row): NamedGroup | null {
  switch (row.kind) {
    case "made-group":
      return { key: row.urn.split("::").at(-1) ?? "", displayName: row.displayName, groupId: null, isMade: true };
    case "group": {
      const groupId = known(() => row.group.groupId);
      return { key: row.group.name, displayName: row.group.displayName, groupId, isMade: groupId === null };
    }
    case "removal":
    case "move":
    case "take-off":
    case "gate":
      return null;
  }
}
