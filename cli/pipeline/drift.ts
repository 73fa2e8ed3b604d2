import { exitCodeOf, verdictOf } from "../../licensing/verdict";
import { repositoryOf } from "./github";
import { keepIssue } from "./kept-issue";
import { makePlan, type Stack } from "./plan-files";
import { runPageOf } from "./pull-request";
import { addToSummary } from "./workflow-files";
import { withWorkloadIdentity } from "./workload-identity";

const LABEL = "licence-drift";

/**
 * The nightly check that the next `up` has nothing to do. Otherwise one issue lists the pending changes and their causes; it is
 * updated each night and closed once there are none.
 *
 * @returns the exit code: not 0 if the plan is refused; without GitHub also if there are changes
 */
export async function drift(stack: Stack, folder: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const { code, document, markdown } = await withWorkloadIdentity(environment, (signedIn) =>
    makePlan(stack, folder, signedIn, ["--expect-no-changes"]),
  );
  addToSummary(environment, markdown);
  const repository = repositoryOf(environment);
  if (repository === null) return code;
  const page = runPageOf(environment);
  const words =
    code === 0
      ? null
      : {
          title: `Licences of ${stack.name}: the tenant and the stack file differ`,
          body:
            `${markdown}\n\nFound by the nightly check${page === null ? "" : ` ([run](${page.url}))`}. What to do: mend what the ` +
            "plan names; or start the workflow Apply by hand, which makes this plan once more for you to approve.",
        };
  const { done, url } = await keepIssue(repository, LABEL, `drift of ${stack.name}`, words);
  if (url !== null) process.stdout.write(`The issue was ${done}: ${url}\n`);
  return exitCodeOf(verdictOf(document.verdict.word));
}
