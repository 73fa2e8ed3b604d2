import { appendFileSync } from "node:fs";

/** GitHub shows at most 1 MiB on a run's page and drops a larger summary completely. */
const LARGEST_SUMMARY = 1_000_000;

/** Markdown for the page of the run, where there is one. */
export function addToSummary(environment: NodeJS.ProcessEnv, markdown: string): void {
  const file = environment["GITHUB_STEP_SUMMARY"];
  if (file) appendFileSync(file, `${markdown.slice(0, LARGEST_SUMMARY)}\n`);
}

/** A value for later steps of the job, where there are some. */
export function setOutput(environment: NodeJS.ProcessEnv, name: string, value: string): void {
  const file = environment["GITHUB_OUTPUT"];
  if (file) appendFileSync(file, `${name}=${value}\n`);
}
