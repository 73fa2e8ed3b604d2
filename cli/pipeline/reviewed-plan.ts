import type { Repository } from "./github";

/** The location of the approved plan. */
export interface ReviewedPlan {
  readonly pullRequest: number;
  /** The run that made the plan, for its artifact. */
  readonly runId: number;
}

/** The name of the artifact that holds the plan of a stack. */
export function artifactName(stack: string): string {
  return `plan-${stack}`;
}

/**
 * Finds the plan that was on the pull request at the merge: the newest one of its last commit. Plans of earlier commits were not
 * approved, and plans from forks are never applied.
 *
 * @returns a reason in words if there is no such plan
 */
export async function findReviewedPlan(
  repository: Repository,
  stack: string,
  commit: string,
): Promise<ReviewedPlan | string> {
  const { api, owner, repo } = repository;
  const merged = await mergedPullRequest(repository, commit);
  if (merged === null) return `${commit} is not the merge of a pull request`;
  const artifacts = await api.paginate(api.rest.actions.listArtifactsForRepo, {
    owner,
    repo,
    name: artifactName(stack),
    per_page: 100,
  });
  const ofLastCommit = artifacts.filter(
    ({ expired, workflow_run: run }) =>
      !expired && run?.head_sha === merged.headSha && run.head_repository_id === run.repository_id,
  );
  const newest = ofLastCommit.sort((a, b) => (b.created_at ?? "").localeCompare(a.created_at ?? ""))[0];
  const runId = newest?.workflow_run?.id;
  return runId === undefined
    ? `pull request #${merged.number} has no plan of ${stack} for its last commit, or it has expired`
    : { pullRequest: merged.number, runId };
}

/** The pull request whose merge made this commit, with its own last commit; `null` if there is none. */
export async function mergedPullRequest(
  { api, owner, repo }: Repository,
  commit: string,
): Promise<{ readonly number: number; readonly headSha: string } | null> {
  const pulls = await api.paginate(api.rest.repos.listPullRequestsAssociatedWithCommit, {
    owner,
    repo,
    commit_sha: commit,
  });
  const merged = pulls.find((pull) => pull.merged_at !== null && pull.merge_commit_sha === commit);
  return merged === undefined ? null : { number: merged.number, headSha: merged.head.sha };
}
