import { approvals, type Rule } from "../rule";

interface Entry {
  readonly group: string;
  readonly change: string;
}

/** A swap in one call cannot be proven for a member beforehand: another person has to agree to it. */
export const swapsInOneCall: Rule<{ readonly entries: readonly Entry[] }> = {
  name: "swaps-in-one-call",
  description: "Each group that swaps licences in one call has an entry here.",
  settings: approvals(
    {
      group: { type: "string", description: "The logical name of the group." },
    },
    "The groups that may.",
  ),

  judge(row, { entries }) {
    if (row.kind !== "take-off" || row.swapIn.length === 0) return [];
    const { name } = row.group;
    if (entries.some(({ group }) => group === name)) return [];
    return [
      `${name} swaps ${row.takeOff.join(" and ")} for ${row.swapIn.join(" and ")} in one call, which cannot be proven for a member beforehand, and no entry ` +
        `of this rule allows it. Take swapInOneCall out of the stack file, or have the owner of these rules add {"group": "${name}", "change": "…"}.`,
    ];
  },
};
