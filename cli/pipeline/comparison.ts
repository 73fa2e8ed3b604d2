import { planDifferences } from "../../licensing/plan-document/differences";
import { formatMoment } from "../../licensing/moment-words";
import { code, inline } from "../render/markdown/inline";
import { MARKS } from "../render/words";
import type { PlanFiles } from "./plan-files";
import { rowsThatDiffer } from "./update-plan";

/** Where the plan that was made once more differs from the reviewed one, in words; empty: nowhere. */
export function differencesOf(reviewed: PlanFiles, now: PlanFiles): readonly string[] {
  const found = planDifferences(reviewed.document, now.document);
  if (found.length > 0 || reviewed.updatePlan === null || now.updatePlan === null) return found;
  return rowsThatDiffer(reviewed.updatePlan, now.updatePlan);
}

/** For the approver: this is what was reviewed. */
export function formatAsReviewed({ document: reviewed }: PlanFiles, { document: now }: PlanFiles): string {
  return [
    `### ${MARKS.pass} As reviewed`,
    "",
    `The tenant of ${code(now.stack)} was read again at ${formatMoment(now.plannedAt)}, and the plan was made once more. It is the plan that was reviewed ` +
      `(made ${formatMoment(reviewed.plannedAt)}): the same users in the same waves, the same licences of groups, the same stack file, the same blocked users. ` +
      "The run is held to it: if anything differs when it starts, nothing is applied.",
  ].join("\n");
}

/** For the approver: this is no longer what was reviewed, and in what it differs. */
export function formatDiffers(
  { document: reviewed }: PlanFiles,
  { document: now }: PlanFiles,
  differences: readonly string[],
): string {
  return [
    `### ${MARKS.fail} Something differs: nothing was applied`,
    "",
    `The plan of ${code(now.stack)} that was reviewed was made ${formatMoment(reviewed.plannedAt)}. Made once more at ${formatMoment(now.plannedAt)}, it says something ` +
      "else, because the tenant, the stack file or the program has changed since. What was agreed on is not what would happen now:",
    "",
    ...differences.map((difference) => `- ${inline(difference)}`),
    "",
    "What to do: read the differences. If they are as they should be, such as a new member of a group, start the workflow by hand: it makes a new plan and asks you " +
      "to approve that one. If not, mend the tenant or the stack file first.",
  ].join("\n");
}
