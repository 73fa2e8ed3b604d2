import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { planMarkdown } from "../render/plan-markdown";
import { planPage } from "../render/plan-page";
import { savedPlanIn, withOwnFile, writeOwnFile } from "./own-file";
import { blockedCsv } from "./blocked-csv";
import { preview } from "./preview";
import { readDocument } from "./read-document";
import { withGuardrails } from "../engine/guardrails";
import { projectRoot } from "../engine/project-root";

const FILES = ["plan.md", "plan.html", "plan.json", "blocked.csv"];

/** What is asked of the command. */
export interface PlanOptions {
  readonly stack: string;
  /** The folder for the files. */
  readonly out?: string;
  readonly json: boolean;
  readonly names: boolean;
  /** Settings of the rules that the plan has to keep. */
  readonly guardrails?: string;
}

/**
 * The preview of a stack, and its plan as files: plan.json for tools, plan.md for a pull request, plan.html for a browser,
 * blocked.csv for a spreadsheet.
 *
 * @param words for the engine's preview, such as `--save-plan FILE`
 * @returns the exit code
 */
export async function writePlan(
  { stack, json, names, ...options }: PlanOptions,
  words: readonly string[],
): Promise<number> {
  const others = withGuardrails(words, options.guardrails);
  const out = resolve(projectRoot, options.out ?? join("plans", stack.replaceAll("/", "-")));
  const fileOf = (name: string) => join(out, name);
  mkdirSync(out, { recursive: true, mode: 0o700 });
  // Remove the files of an earlier run, so that they are not mistaken for this run's.
  for (const name of FILES) rmSync(fileOf(name), { force: true });

  const saved = savedPlanIn(others);
  const run = await withOwnFile(saved === null ? null : resolve(projectRoot, saved), () =>
    preview(
      ["--stack", stack, ...others],
      projectRoot,
      fileOf("plan.json"),
      json ? process.stderr : process.stdout,
      names,
    ),
  );
  const document = readDocument(fileOf("plan.json"), run, stack, Date.now());

  writeOwnFile(fileOf("plan.json"), `${JSON.stringify(document, null, 1)}\n`);
  writeOwnFile(fileOf("plan.md"), planMarkdown(document));
  writeOwnFile(fileOf("plan.html"), planPage(document));
  writeOwnFile(fileOf("blocked.csv"), blockedCsv(document));
  if (json) process.stdout.write(`${JSON.stringify(document)}\n`);
  else {
    process.stdout.write(`\n${document.verdict.label}: ${document.verdict.summary}\n\n`);
    for (const name of FILES) process.stdout.write(`  ${fileOf(name)}\n`);
  }
  return run.code ?? 1;
}
