import { azureDevOpsOf, mergedOnAzureDevOps } from "./azure-devops";
import { pullRequestOf, repositoryOf, type Repository } from "./github";
import { keepComment, type PullRequestPage } from "./kept-comment";
import { mergedPullRequest } from "./reviewed-plan";

/** The pull request that started this workflow; `null` for any other start, and on a laptop. */
export function pullRequestInReview(environment: NodeJS.ProcessEnv): PullRequestPage | null {
  const repository = repositoryOf(environment);
  const number = pullRequestOf(environment);
  if (repository !== null && number !== null) return onGitHub(repository, number);
  return azureDevOpsOf(environment)?.pullRequest ?? null;
}

/** The pull request whose merge made this workflow's commit; `null` if there is none. */
export async function mergedPullRequestOf(environment: NodeJS.ProcessEnv): Promise<PullRequestPage | null> {
  const repository = repositoryOf(environment);
  if (repository === null) return mergedOnAzureDevOps(environment);
  const merged = await mergedPullRequest(repository, environment["GITHUB_SHA"] ?? "");
  return merged === null ? null : onGitHub(repository, merged.number);
}

function onGitHub(repository: Repository, number: number): PullRequestPage {
  return { keepComment: (topic, markdown) => keepComment(repository, number, topic, markdown) };
}

/** The page of the current run. */
export interface RunPage {
  readonly id: string;
  readonly url: string;
}

/** `null` outside of GitHub and Azure DevOps. */
export function runPageOf(environment: NodeJS.ProcessEnv): RunPage | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_RUN_ID: run } = environment;
  if (server && name && run) return { id: run, url: `${server}/${name}/actions/runs/${run}` };
  const { SYSTEM_COLLECTIONURI: collection, SYSTEM_TEAMPROJECT: project, BUILD_BUILDID: build } = environment;
  if (!collection || !project || !build) return null;
  return { id: build, url: `${collection}${encodeURIComponent(project)}/_build/results?buildId=${build}` };
}
