import { verdictOf } from "../../licensing/verdict";
import { pullRequestOf, repositoryOf, runPageOf } from "./github";
import { keepComment } from "./kept-comment";
import { makePlan, type Stack } from "./plan-files";
import { addToSummary } from "./workflow-files";
import { withWorkloadIdentity } from "./workload-identity";

/**
 * Makes the plan of a stack and publishes it for review, as a comment on the pull request and on the page of the run. Outside
 * GitHub it only writes the files.
 *
 * @returns the exit code: not 0 when the plan is refused, after it was shown
 */
export async function review(stack: Stack, folder: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const { code, document, markdown } = await withWorkloadIdentity(environment, (signedIn) =>
    makePlan(stack, folder, signedIn),
  );
  addToSummary(environment, markdown);
  const repository = repositoryOf(environment);
  const pullRequest = pullRequestOf(environment);
  if (repository !== null && pullRequest !== null) {
    const page = runPageOf(environment);
    const files = page === null ? "" : `\n\n[The whole plan, as a page and as data](${page}#artifacts)`;
    const next = verdictOf(document.verdict.word) === "fail" ? "" : `\n\n${AFTER_THE_MERGE}`;
    const url = await keepComment(repository, pullRequest, `plan of ${stack.name}`, `${markdown}${next}${files}`);
    process.stdout.write(`The plan is on the pull request: ${url}\n`);
  }
  return code;
}

const AFTER_THE_MERGE =
  "Merged, it is applied as it stands here, after the approval of the environment. If the tenant has changed by then, nothing is applied, and the run lists the differences.";
