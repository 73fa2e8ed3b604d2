import { readFileSync } from "node:fs";
import { execa } from "execa";
import { targetBeforeMerge } from "./azure-devops";

/**
 * The files that the change of this workflow touches, by git; `null` where it is about no single change, or where git can't tell.
 * A pull request is checked out as its merge with the target branch.
 */
export async function changedFiles(environment: NodeJS.ProcessEnv, folder: string): Promise<readonly string[] | null> {
  const base = await baseOf(environment);
  if (base === null) return null;
  // Only a merge commit has a second parent: without one, `HEAD^1` would be no more than the last commit of the branch.
  if (base === MERGED_INTO && (await git(folder, ["rev-parse", "--verify", "--quiet", "HEAD^2"])) === null) return null;
  const names = await git(folder, ["diff", "--name-only", "--no-renames", "-z", base, "HEAD", "--"]);
  return names === null ? null : names.split("\0").filter((name) => name !== "");
}

const MERGED_INTO = "HEAD^1";
const COMMIT = /^[0-9a-f]{40}$/;
const NO_COMMIT = /^0+$/;

/** What the change is compared with. */
async function baseOf(environment: NodeJS.ProcessEnv): Promise<string | null> {
  const { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: file, BUILD_REASON: reason } = environment;
  if (event === "pull_request" || reason === "PullRequest") return MERGED_INTO;
  if (reason === "IndividualCI" || reason === "BatchedCI") return beforeMerge(environment);
  if (event !== "push" || !file) return null;
  const { before = "" } = JSON.parse(readFileSync(file, "utf8")) as { before?: string };
  return COMMIT.test(before) && !NO_COMMIT.test(before) ? before : null;
}

/** Azure DevOps completes a pull request with one commit, a merge or a squash, or, by a rebase, with several. */
async function beforeMerge(environment: NodeJS.ProcessEnv): Promise<string | null> {
  try {
    const target = (await targetBeforeMerge(environment)) ?? "";
    return COMMIT.test(target) ? target : "HEAD~1";
  } catch (error) {
    // Which pull request this was is unknown, and so which stacks it touches.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

/** `null` if git fails, as in a checkout without the history. */
async function git(folder: string, words: readonly string[]): Promise<string | null> {
  const { exitCode, stdout } = await execa("git", words, { cwd: folder, reject: false, stdin: "ignore" });
  return exitCode === 0 ? stdout : null;
}
