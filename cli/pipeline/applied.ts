import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanDocument } from "../../licensing/plan-document/schema";
import { appliedMarkdown, type AppliedRun } from "../render/applied-markdown";
import { makePlan, type Stack } from "./plan-files";
import { mergedPullRequestOf, runPageOf } from "./pull-request";
import { addToSummary } from "./workflow-files";

/**
 * Shows what a run did, on its page and on the pull request that brought this commit: by a plan that is made after it. Never fails
 * the run, which is over by then.
 *
 * @param signedIn the environment for the plan
 */
export async function showApplied(
  stack: Stack,
  run: Omit<AppliedRun, "after">,
  environment: NodeJS.ProcessEnv,
  signedIn: NodeJS.ProcessEnv,
): Promise<void> {
  const markdown = appliedMarkdown({ ...run, after: await planAfter(stack, signedIn) });
  addToSummary(environment, markdown);
  try {
    const pullRequest = await mergedPullRequestOf(environment);
    if (pullRequest === null) return;
    const page = runPageOf(environment);
    // Each run has a comment of its own: the pull request keeps the whole history.
    const url = await pullRequest.keepComment(
      `applied for ${stack.name} in ${page?.id ?? new Date().toISOString()}`,
      page === null ? markdown : `${markdown}\n[The run](${page.url})`,
    );
    process.stdout.write(`What was done is on the pull request: ${url}\n`);
  } catch (error) {
    process.stderr.write(`What was done could not be shown on the pull request: ${messageOf(error)}\n`);
  }
}

async function planAfter(stack: Stack, signedIn: NodeJS.ProcessEnv): Promise<PlanDocument | null> {
  const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-plan-"));
  try {
    return (await makePlan(stack, folder, signedIn)).document;
  } catch (error) {
    process.stderr.write(`No plan could be made after the run: ${messageOf(error)}\n`);
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
