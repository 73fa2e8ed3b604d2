import { isByWorkflow, type Repository } from "./github";
import { hiddenMark } from "./kept-comment";

/** Title and body of a check's issue; `null` closes an open issue. */
export interface IssueWords {
  readonly title: string;
  readonly body: string;
}

/** The issue after the check. */
export interface KeptIssue {
  readonly done: "opened" | "updated" | "closed" | "none";
  readonly url: string | null;
}

/** Keeps one open issue for a topic, found by its label, its author and a hidden mark. */
export async function keepIssue(
  repository: Repository,
  label: string,
  mark: string,
  words: IssueWords | null,
): Promise<KeptIssue> {
  const { api, owner, repo } = repository;
  const first = hiddenMark(mark);
  const open = await api.paginate(api.rest.issues.listForRepo, {
    owner,
    repo,
    state: "open",
    labels: label,
    per_page: 100,
  });
  const kept = open.find(
    (issue) => issue.pull_request === undefined && isByWorkflow(issue) && issue.body?.startsWith(first) === true,
  );
  if (words === null) {
    if (kept === undefined) return { done: "none", url: null };
    const at = { owner, repo, issue_number: kept.number };
    await api.rest.issues.createComment({ ...at, body: "The tenant and the stack file agree again." });
    await api.rest.issues.update({ ...at, state: "closed" });
    return { done: "closed", url: kept.html_url };
  }
  const { title } = words;
  const body = `${first}\n${words.body}`;
  if (kept === undefined) {
    const { data } = await api.rest.issues.create({ owner, repo, title, body, labels: [label] });
    return { done: "opened", url: data.html_url };
  }
  await api.rest.issues.update({ owner, repo, issue_number: kept.number, title, body });
  return { done: "updated", url: kept.html_url };
}
