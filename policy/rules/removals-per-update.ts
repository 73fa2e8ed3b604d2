import { counted, thousands } from "../../licensing/counts";
import { isOfWave, takenBy } from "../removes-something";
import type { Rule } from "../rule";

/**
 * No update removes more than so much. It counts from row to row, and stops the one that goes over: the rows before it
 * stay within the limit, also in an update without a preview.
 */
export function removalsPerUpdate(): Rule<{ readonly atMost: number }> {
  // By URN, in the order of the engine: a row may be shown twice, and counts once.
  const seen = new Map<string, number>();
  let hasMoves = false;
  return {
    name: "removals-per-update",
    description:
      "One update removes a limited number of direct assignments; a member that moves from group to group counts as one.",
    settings: {
      atMost: { type: "integer", minimum: 0, default: 1_000, description: "How many direct assignments." },
    },

    judge(row, { atMost }) {
      if (!isOfWave(row) || row.mode !== "remove" || row.waits) return [];
      seen.set(row.urn, takenBy(row));
      hasMoves ||= row.kind === "move" && row.users > 0;
      const before = sumUntil(row.urn);
      const after = before + takenBy(row);
      // Only the row that goes over: each one after it would say the same again.
      if (before > atMost || after <= atMost) return [];
      return [
        `With wave ${row.wave} (${row.slice}) this update would remove ${counted(after, "direct assignment")}` +
          `${hasMoves ? ", moves from group to group counted with them" : ""}; ` +
          `${thousands(atMost)} are allowed. Set licensing:applyThrough to an earlier wave, or make this one smaller ` +
          `(count, percent) and add another after it.`,
      ];
    },
  };

  function sumUntil(urn: string): number {
    const urns = [...seen.keys()];
    return urns.slice(0, urns.indexOf(urn)).reduce((sum, each) => sum + (seen.get(each) ?? 0), 0);
  }
}
