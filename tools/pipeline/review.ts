import { pullRequestOf, repositoryOf, runPageOf } from "./github";
import { keepComment } from "./kept-comment";
import { makePlan, type Stack } from "./plan-files";
import { addToSummary } from "./workflow-files";
import { withWorkloadIdentity } from "./workload-identity";

/**
 * Makes the plan of a stack and shows it where it is decided on: as the one comment of the pull request, and on the page
 * of the run. On a laptop the files are all there is.
 *
 * @returns the exit code: not 0 when the plan is refused, after it was shown
 */
export async function review(stack: Stack, folder: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const { code, markdown } = await withWorkloadIdentity(environment, (signedIn) => makePlan(stack, folder, signedIn));
  addToSummary(environment, markdown);
  const repository = repositoryOf(environment);
  const pullRequest = pullRequestOf(environment);
  if (repository !== null && pullRequest !== null) {
    const page = runPageOf(environment);
    const files = page === null ? "" : `\n\n[The whole plan, as a page and as data](${page}#artifacts)`;
    const url = await keepComment(repository, pullRequest, `plan of ${stack.name}`, `${markdown}${files}`);
    process.stdout.write(`The plan is on the pull request: ${url}\n`);
  }
  return code;
}
