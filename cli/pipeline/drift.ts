import { repositoryOf, runPageOf } from "./github";
import { keepIssue } from "./kept-issue";
import { makePlan, type Stack } from "./plan-files";
import { addToSummary } from "./workflow-files";
import { withWorkloadIdentity } from "./workload-identity";

const LABEL = "licence-drift";

/**
 * The nightly check: does the next `up` have nothing to do? If not, one issue says what it would do and why, kept up to date
 * from night to night and closed when all is well again.
 *
 * @returns the exit code: 0 when all is well, or when the issue says what is not; not 0 when the plan is refused, and on a
 *   laptop also when there is something to do
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
            `${markdown}\n\nFound by the nightly check${page === null ? "" : ` ([run](${page}))`}. What to do: mend what the ` +
            "plan names; or start the workflow Apply by hand, which makes this plan once more for you to approve.",
        };
  const { done, url } = await keepIssue(repository, LABEL, `drift of ${stack.name}`, words);
  if (url !== null) process.stdout.write(`The issue was ${done}: ${url}\n`);
  return document.verdict.word === "stops" ? 1 : 0;
}
