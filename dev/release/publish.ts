import type { Octokit } from "@octokit/rest";
import type { Repository } from "../../cli/pipeline/github";
import { releaseNotes } from "./release-notes";

/** Runs npm, and tells how it ended. */
export type Npm = (words: readonly string[]) => Promise<{ readonly code: number; readonly said: string }>;

export interface Release {
  readonly name: string;
  readonly version: string;
  readonly changelog: string;
  /** The commit that is published. */
  readonly commit: string;
}

/**
 * Publishes a version that npm does not have yet, with provenance, and makes the release with its tag on GitHub. Can be repeated:
 * what is there already is left alone.
 *
 * @returns what was done, in words
 * @throws {Error} if npm refuses to publish
 */
export async function publish(
  { name, version, changelog, commit }: Release,
  npm: Npm,
  repository: Repository,
): Promise<string> {
  const { owner, repo, api } = repository;
  const known = await npm(["view", `${name}@${version}`, "version"]);
  const isPublished = known.code === 0 && known.said.trim() === version;
  if (!isPublished) {
    // Provenance is refused where package.json names another repository than the workflow's.
    await done(npm, ["pkg", "set", `repository.url=git+https://github.com/${owner}/${repo}.git`]);
    await done(npm, ["publish", "--provenance", "--access", "public"]);
  }
  const tag = `v${version}`;
  if (!(await hasRelease(api, owner, repo, tag))) {
    const about = { tag_name: tag, target_commitish: commit, name: tag, body: releaseNotes(changelog, version) };
    await api.rest.repos.createRelease({ owner, repo, ...about });
  }
  return isPublished ? `${name} ${version} was published before.` : `${name} ${version} is published.`;
}

async function done(npm: Npm, words: readonly string[]): Promise<void> {
  const { code, said } = await npm(words);
  if (code !== 0) throw new Error(`npm ${words.join(" ")} ended with ${code}: ${said.trim()}`);
}

async function hasRelease(api: Octokit, owner: string, repo: string, tag: string): Promise<boolean> {
  try {
    await api.rest.repos.getReleaseByTag({ owner, repo, tag });
    return true;
  } catch (error) {
    if ((error as { readonly status?: number }).status === 404) return false;
    throw error;
  }
}
