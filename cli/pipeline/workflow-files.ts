import { appendFileSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";

/** GitHub shows at most 1 MiB on a run's page and drops a larger summary completely. */
const LARGEST_SUMMARY = 1_000_000;

/** Markdown for the page of the run, where there is one: of GitHub, or of Azure DevOps. */
export function addToSummary(environment: NodeJS.ProcessEnv, markdown: string): void {
  const { GITHUB_STEP_SUMMARY: file, AGENT_TEMPDIRECTORY: temporary } = environment;
  const text = `${markdown.slice(0, LARGEST_SUMMARY)}\n`;
  if (file) appendFileSync(file, text);
  if (!isAzureDevOps(environment) || !temporary) return;
  const summary = join(temporary, `licences-${randomUUID()}.md`);
  writeFileSync(summary, text, { mode: 0o600 });
  process.stdout.write(`##vso[task.uploadsummary]${summary}\n`);
}

/** A value for later steps of the job, where there are some. */
export function setOutput(environment: NodeJS.ProcessEnv, name: string, value: string): void {
  const file = environment["GITHUB_OUTPUT"];
  if (file) appendFileSync(file, `${name}=${value}\n`);
  if (isAzureDevOps(environment)) {
    process.stdout.write(`##vso[task.setvariable variable=${name};isOutput=true]${value}\n`);
  }
}

/** The agent of Azure DevOps sets it. */
export function isAzureDevOps({ TF_BUILD: build }: NodeJS.ProcessEnv): boolean {
  return build?.toLowerCase() === "true";
}
