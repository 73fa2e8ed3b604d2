import type { AcceptedLoss, Row } from "../rows";
import { approvals, isOneOf, type Rule } from "../rule";

interface Entry {
  readonly group: string;
  readonly sku: string;
  readonly plan: string;
  readonly change: string;
}

/** Two people are needed to take a service away: one writes the stack file, another one the entry here. */
export const acceptedLosses: Rule<{ readonly entries: readonly Entry[] }> = {
  name: "accepted-losses",
  description: "Each accepted loss of the stack file has an entry here.",
  settings: approvals(
    {
      group: { type: "string", description: "The logical name of the group." },
      sku: { type: "string", description: "skuPartNumber or skuId." },
      plan: { type: "string", description: "Name or id of the service plan." },
    },
    "The losses that are allowed.",
  ),

  judge(row, { entries }) {
    return lossesOf(row)
      .filter((loss) => !entries.some((entry) => allows(entry, loss)))
      .map(
        ({ group, sku, plan }) =>
          `licensing:acceptLoss lets members of ${group} lose ${plan} (${sku}), and no entry of this rule allows it. Take the ` +
          `entry out of the stack file, or have the owner of these rules add ` +
          `{"group": "${group}", "sku": "${sku}", "plan": "${plan}", "change": "…"}.`,
      );
  },
};

/** A group's own stand at its row, which comes first; the gate has what is left: that of groups taken out of the file. */
function lossesOf(row: Row): readonly AcceptedLoss[] {
  switch (row.kind) {
    case "group":
      return row.acceptLoss;
    case "gate":
      return row.acceptLoss.filter(({ group }) => !row.groups.some(({ name }) => name === group));
    case "take-off":
    case "made-group":
    case "removal":
    case "move":
      return [];
  }
}

function allows(entry: Entry, { group, sku, skuId, plan, planId }: AcceptedLoss): boolean {
  return entry.group === group && isOneOf(entry.sku, sku, skuId) && isOneOf(entry.plan, plan, planId);
}
