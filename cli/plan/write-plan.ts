import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { planMarkdown } from "../render/plan-markdown";
import { planPage } from "../render/plan-page";
import { withOwnFile, writeOwnFile } from "./own-file";
import { blockedCsv } from "./blocked-csv";
import { preview } from "./preview";
import { readDocument } from "./read-document";
import { withGuardrails } from "../engine/guardrails";
import { projectRoot } from "../engine/project-root";
import { stackEnvironment, stackWords, type SelectedStack } from "../engine/selected-stack";
import { EXIT } from "../exit-codes";
import { EXPECT_NO_CHANGES } from "../run/look";

const FILES = ["plan.md", "plan.html", "plan.json", "blocked.csv"];

/** What is asked of the command. */
export interface PlanOptions extends SelectedStack {
  /** The folder for the files. */
  readonly out?: string;
  /** A file for the engine's own plan. */
  readonly savePlan?: string;
  readonly expectNoChanges: boolean;
  readonly json: boolean;
  readonly names: boolean;
  /** Settings of the rules that the plan has to keep. */
  readonly guardrails?: string;
}

/**
 * The preview of a stack, and its plan as files: plan.json for tools, plan.md for a pull request, plan.html for a browser,
 * blocked.csv for a spreadsheet.
 *
 * @param others words for the engine's preview, such as `--diff`
 * @returns the exit code
 */
export async function writePlan(options: PlanOptions, others: readonly string[]): Promise<number> {
  const { stack, json, names, savePlan } = options;
  const out = resolve(projectRoot, options.out ?? join("plans", stack.replaceAll("/", "-")));
  const fileOf = (name: string) => join(out, name);
  mkdirSync(out, { recursive: true, mode: 0o700 });
  // Remove the files of an earlier run, so that they are not mistaken for this run's.
  for (const name of FILES) rmSync(fileOf(name), { force: true });

  const words = [
    ...stackWords(options),
    ...(savePlan === undefined ? [] : ["--save-plan", savePlan]),
    ...(options.expectNoChanges ? [EXPECT_NO_CHANGES] : []),
    ...withGuardrails(others, options.guardrails),
  ];
  const environment = {
    ...stackEnvironment(options),
    LICENSING_PLAN_FILE: fileOf("plan.json"),
    ...(names ? { LICENSING_SHOW_NAMES: "true" } : {}),
  };
  const run = await withOwnFile(savePlan === undefined ? null : resolve(projectRoot, savePlan), () =>
    preview(words, projectRoot, environment, json ? process.stderr : process.stdout),
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
  if (run.code === 0) return EXIT.done;
  return options.expectNoChanges && document.verdict.word !== "stops" ? EXIT.changes : EXIT.failed;
}
