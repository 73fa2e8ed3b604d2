import type { AcceptedSuccessor } from "../rows";
import { approvals, isOneOf, type Rule } from "../rule";

interface Entry {
  readonly plan: string;
  readonly by: string;
  readonly change: string;
}

/** A successor that no page of Microsoft names may be worth less than its plan, so it takes two people, like a loss. */
export const acceptedSuccessors: Rule<{ readonly entries: readonly Entry[] }> = {
  name: "accepted-successors",
  description: "Each successor of the stack file has an entry here.",
  settings: approvals(
    {
      plan: { type: "string", description: "Name or id of the service plan that goes." },
      by: { type: "string", description: "Name or id of the one that takes its place." },
    },
    "The successors that are allowed.",
  ),

  judge(row, { entries }) {
    return (row.kind === "gate" || row.kind === "group" ? row.successors : [])
      .filter((successor) => !entries.some((entry) => allows(entry, successor)))
      .map(
        ({ plan, by }) =>
          `licensing:successors lets ${plan} stay as ${by}, and no entry of this rule allows it. Take the entry out of the ` +
          `stack file, or have the owner of these rules add {"plan": "${plan}", "by": "${by}", "change": "…"}.`,
      );
  },
};

function allows(entry: Entry, { plan, planId, by, byId }: AcceptedSuccessor): boolean {
  return isOneOf(entry.plan, plan, planId) && isOneOf(entry.by, by, byId);
}
