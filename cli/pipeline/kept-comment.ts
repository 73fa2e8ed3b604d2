import { isByWorkflow, type Repository } from "./github";

/** A pull request, as a place for comments. */
export interface PullRequestPage {
  /**
   * Writes or updates the one comment for a topic.
   *
   * @returns the address of the comment, or of the pull request
   */
  keepComment(topic: string, markdown: string): Promise<string>;
}

/**
 * Writes or updates the one comment for a topic on a pull request. The comment is found by its hidden mark and its author; the
 * mark alone is not enough, because any user can write it.
 *
 * @returns the comment's page
 */
export async function keepComment(
  { api, owner, repo }: Repository,
  pullRequest: number,
  mark: string,
  body: string,
): Promise<string> {
  const first = hiddenMark(mark);
  const comments = await api.paginate(api.rest.issues.listComments, {
    owner,
    repo,
    issue_number: pullRequest,
    per_page: 100,
  });
  const kept = comments.find((comment) => isByWorkflow(comment) && comment.body?.startsWith(first) === true);
  const text = `${first}\n${body}`;
  const { data } =
    kept === undefined
      ? await api.rest.issues.createComment({ owner, repo, issue_number: pullRequest, body: text })
      : await api.rest.issues.updateComment({ owner, repo, comment_id: kept.id, body: text });
  return data.html_url;
}

/** A line that Markdown does not show. */
export function hiddenMark(mark: string): string {
  return `<!-- entra-group-licensing: ${mark} -->`;
}
