import { verdictOf } from "../../licensing/verdict";
import { makePlan, type Stack } from "./plan-files";
import { pullRequestInReview, runPageOf } from "./pull-request";
import { addToSummary } from "./workflow-files";
import { withWorkloadIdentity } from "./workload-identity";

/**
 * Makes the plan of a stack and publishes it for review, as a comment on the pull request and on the page of the run. On a
 * laptop it only writes the files.
 *
 * @returns the exit code: not 0 when the plan is refused, after it was shown
 */
export async function review(stack: Stack, folder: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const { code, document, markdown } = await withWorkloadIdentity(environment, (signedIn) =>
    makePlan(stack, folder, signedIn),
  );
  addToSummary(environment, markdown);
  const pullRequest = pullRequestInReview(environment);
  if (pullRequest !== null) {
    const page = runPageOf(environment);
    const files = page === null ? "" : `\n\n[The whole plan, as a page and as data](${page.url}#artifacts)`;
    const next = verdictOf(document.verdict.word) === "fail" ? "" : `\n\n${AFTER_THE_MERGE}`;
    const url = await pullRequest.keepComment(`plan of ${stack.name}`, `${markdown}${next}${files}`);
    process.stdout.write(`The plan is on the pull request: ${url}\n`);
  }
  return code;
}

const AFTER_THE_MERGE =
  "Merged, it is applied as it stands here, after the approval of the environment. If the tenant has changed by then, nothing is applied, and the run lists the differences.";
