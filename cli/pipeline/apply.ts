import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { heedingCtrlC } from "../ctrl-c";
import { withGuardrails } from "../engine/guardrails";
import { showApplied } from "./applied";
import { differencesOf, formatAsReviewed, formatDiffers } from "./comparison";
import { repositoryOf } from "./github";
import { makePlan, npmRun, readPlan, type MadePlan, type PlanFiles, type Stack } from "./plan-files";
import { findReviewedPlan } from "./reviewed-plan";
import { addToSummary, setOutput } from "./workflow-files";
import { withWorkloadIdentity } from "./workload-identity";

/**
 * Finds the workflow run that made the reviewed plan of this commit's pull request, for the step that downloads it. A workflow
 * started by hand has no reviewed plan; then a new plan is made for approval.
 *
 * @returns the exit code: not 0 if a reviewed plan is required but missing
 */
export async function find(stack: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const repository = repositoryOf(environment);
  if (repository === null || environment["GITHUB_EVENT_NAME"] !== "push") {
    say("Started by hand: a new plan will be made, and is what you approve.");
    return 0;
  }
  const found = await findReviewedPlan(repository, stack, environment["GITHUB_SHA"] ?? "");
  if (typeof found === "string") {
    complain(
      environment,
      `Nothing was applied: ${found}. Start the workflow by hand to make a new plan and approve that one.`,
    );
    return 1;
  }
  say(`The plan of pull request #${found.pullRequest} is the one that was reviewed.`);
  setOutput(environment, "run-id", String(found.runId));
  return 0;
}

/**
 * Prepares the plan for approval: the reviewed plan if it still matches the tenant, or a new one if there is none.
 *
 * @returns the exit code: not 0 when the tenant has changed since the review, or the plan is refused
 */
export async function agree(stack: Stack, folder: string, environment: NodeJS.ProcessEnv): Promise<number> {
  return withWorkloadIdentity(environment, async (signedIn) => {
    if (existsSync(join(folder, "plan.json"))) return (await compare(stack, readPlan(folder), signedIn)).code;
    const { code, markdown } = await makePlan(stack, folder, signedIn);
    addToSummary(environment, markdown);
    return code;
  });
}

/**
 * Applies the plan in the folder after checking that it still matches the tenant. The engine then refuses any other change. What
 * the run did is shown on the pull request.
 *
 * @returns the exit code: not 0 if the plan was not applied completely
 */
export async function apply(stack: Stack, folder: string, environment: NodeJS.ProcessEnv): Promise<number> {
  const reviewed = readPlan(folder);
  const { updatePlan } = reviewed;
  if (updatePlan === null) {
    complain(environment, "Nothing was applied: the plan was refused when it was made. See plan.md for what to do.");
    return 1;
  }
  return heedingCtrlC((ctrlC) =>
    withWorkloadIdentity(environment, async (signedIn) => {
      const { code, now } = await compare(stack, reviewed, signedIn);
      if (ctrlC.isPressed)
        complain(environment, "Nothing was applied: Ctrl-C was pressed before the plan was compared.");
      if (code !== 0 || ctrlC.isPressed) return code === 0 ? 1 : code;
      const words = withGuardrails(["--yes", "--skip-preview", "--plan", updatePlan], stack.guardrails);
      const ended = await npmRun("pulumi", ["up", ...stack.words, ...words], signedIn);
      await showApplied(stack, { before: now.document, isDone: ended === 0 }, environment, signedIn);
      return ended;
    }),
  );
}

interface Comparison {
  readonly code: number;
  readonly now: MadePlan;
}

/** Makes the plan again and reports differences from the reviewed one. */
async function compare(stack: Stack, reviewed: PlanFiles, environment: NodeJS.ProcessEnv): Promise<Comparison> {
  const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-plan-"));
  try {
    const now = await makePlan(stack, folder, environment);
    const differences = differencesOf(reviewed, now);
    if (differences.length > 0) {
      complain(environment, formatDiffers(reviewed, now, differences));
      return { code: 1, now };
    }
    if (now.code === 0) say(formatAsReviewed(reviewed, now));
    addToSummary(environment, now.code === 0 ? `${formatAsReviewed(reviewed, now)}\n\n${now.markdown}` : now.markdown);
    return { code: now.code, now };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function complain(environment: NodeJS.ProcessEnv, words: string): void {
  process.stderr.write(`${words}\n`);
  addToSummary(environment, words);
}

function say(words: string): void {
  process.stdout.write(`${words}\n`);
}
