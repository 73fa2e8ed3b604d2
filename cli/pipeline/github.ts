import { readFileSync } from "node:fs";
import { Octokit } from "@octokit/rest";
import { proxiedFetch } from "../../graph/client/proxied-fetch";

/** The repository that a workflow runs for. */
export interface Repository {
  readonly api: Octokit;
  readonly owner: string;
  readonly repo: string;
}

/** The repository of the current workflow; `null` outside GitHub, where no comments or issues are written. */
export function repositoryOf(environment: NodeJS.ProcessEnv): Repository | null {
  const { GITHUB_TOKEN: auth, GITHUB_REPOSITORY: name, GITHUB_API_URL: baseUrl } = environment;
  const [owner, repo] = (name ?? "").split("/");
  if (!auth || !owner || !repo) return null;
  return {
    api: new Octokit({ auth, request: { fetch: proxiedFetch }, ...(baseUrl !== undefined && { baseUrl }) }),
    owner,
    repo,
  };
}

/** True if a workflow's token wrote this comment or issue. No user account can have that name. */
export function isByWorkflow({ user }: { readonly user?: { readonly login: string } | null }): boolean {
  return user?.login === "github-actions[bot]";
}

/** The number of the pull request that started the workflow; `null` for any other start. */
export function pullRequestOf(environment: NodeJS.ProcessEnv): number | null {
  const file = environment["GITHUB_EVENT_PATH"];
  if (!file) return null;
  const event = JSON.parse(readFileSync(file, "utf8")) as { pull_request?: { number?: number } };
  return event.pull_request?.number ?? null;
}
