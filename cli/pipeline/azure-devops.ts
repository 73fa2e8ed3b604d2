import { proxiedFetch } from "../../graph/client/proxied-fetch";
import { hiddenMark, type PullRequestPage } from "./kept-comment";

/** https://learn.microsoft.com/rest/api/azure/devops/git */
const VERSION = "api-version=7.1";

interface Thread {
  readonly id: number;
  readonly isDeleted?: boolean;
  readonly comments?: readonly { readonly id: number; readonly content?: string }[];
}

/** The repository that a pipeline of Azure DevOps runs for. */
interface AzureDevOps {
  /** The pull request that started it; `null` for any other start. */
  readonly pullRequest: PullRequestPage | null;
  pageOf(pullRequest: number): PullRequestPage;
  send(method: string, path: string, body?: object): Promise<Answer>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** `null` elsewhere, for a repository outside of Azure Repos, and in steps that do not get the job's token. */
export function azureDevOpsOf(environment: NodeJS.ProcessEnv): AzureDevOps | null {
  const { SYSTEM_COLLECTIONURI: collection, SYSTEM_TEAMPROJECT: project, BUILD_REPOSITORY_ID: id } = environment;
  const { BUILD_REPOSITORY_PROVIDER: provider, SYSTEM_ACCESSTOKEN: token } = environment;
  if (!collection || !project || !id || !token || provider !== "TfsGit") return null;
  const root = `${collection}${encodeURIComponent(project)}/_apis/git/repositories/${id}`;
  const number = Number(environment["SYSTEM_PULLREQUEST_PULLREQUESTID"]);

  async function send(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await proxiedFetch(`${root}/${path}?${VERSION}`, {
      method,
      headers: { authorization: `Bearer ${token ?? ""}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: answer.ok && text !== "" ? (JSON.parse(text) as unknown) : null };
  }
  const pageOf = (pullRequest: number): PullRequestPage => ({
    keepComment: async (topic, markdown) => {
      await keep(`pullRequests/${pullRequest}/threads`, hiddenMark(topic), markdown);
      return `${collection}${encodeURIComponent(project)}/_git/${id}/pullrequest/${pullRequest}`;
    },
  });
  return { send, pageOf, pullRequest: number > 0 ? pageOf(number) : null };

  /** Only the author of a comment may change it: one with the mark that another user wrote is refused, and left alone. */
  async function keep(threads: string, mark: string, markdown: string): Promise<void> {
    const content = `${mark}\n${markdown}`;
    const { body } = needed(await send("GET", threads));
    const { value = [] } = body as { value?: readonly Thread[] };
    for (const { id: thread, isDeleted = false, comments = [] } of value) {
      const [first] = comments;
      if (isDeleted || first?.content?.startsWith(mark) !== true) continue;
      const answer = await send("PATCH", `${threads}/${thread}/comments/${first.id}`, { content });
      if (answer.status !== 403) return void needed(answer);
    }
    needed(await send("POST", threads, { comments: [{ parentCommentId: 0, content, commentType: "text" }] }));
  }
}

/** The pull request whose merge made the commit of this run; `null` if there is none. */
export async function mergedOnAzureDevOps(environment: NodeJS.ProcessEnv): Promise<PullRequestPage | null> {
  const repository = azureDevOpsOf(environment);
  const merged = repository === null ? null : await mergedIn(repository, environment);
  return merged === null || repository === null ? null : repository.pageOf(merged.pullRequestId);
}

/**
 * What the target branch was before the pull request of this run's commit was merged: a rebase leaves several commits behind it.
 * `null` if there is no such pull request.
 *
 * @throws {Error} if Azure DevOps does not answer
 */
export async function targetBeforeMerge(environment: NodeJS.ProcessEnv): Promise<string | null> {
  const repository = azureDevOpsOf(environment);
  const merged = repository === null ? null : await mergedIn(repository, environment);
  return merged?.lastMergeTargetCommit?.commitId ?? null;
}

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-query/get */
interface MergedPullRequest {
  readonly pullRequestId: number;
  /** The head of the target branch at the time of the merge. */
  readonly lastMergeTargetCommit?: { readonly commitId?: string };
}

async function mergedIn(repository: AzureDevOps, environment: NodeJS.ProcessEnv): Promise<MergedPullRequest | null> {
  const commit = environment["BUILD_SOURCEVERSION"];
  if (!commit) return null;
  const query = { queries: [{ type: "lastMergeCommit", items: [commit] }] };
  const { body } = needed(await repository.send("POST", "pullrequestquery", query));
  const { results = [] } = body as {
    results?: readonly Readonly<Record<string, readonly MergedPullRequest[]>>[];
  };
  return results.flatMap((each) => each[commit] ?? [])[0] ?? null;
}

/** @throws {Error} with what the build's identity lacks */
function needed(answer: Answer): Answer {
  if (answer.status < 300) return answer;
  const remedy =
    answer.status === 401 || answer.status === 403
      ? " Give the project's Build Service the permission “Contribute to pull requests” on the repository."
      : "";
  throw new Error(`Azure DevOps answered ${answer.status}.${remedy}`);
}
