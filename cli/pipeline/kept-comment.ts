import { isByWorkflow, type Repository } from "./github";

/**
 * One comment about one thing on a pull request: found again by its author and a mark that readers don't see, and updated instead
 * of repeated. Anybody can write the mark.
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
