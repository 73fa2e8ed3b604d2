// npm run plan -- --stack S [--out DIR] [WORDS…]: the preview of a stack, and its plan as files: plan.json for tools,
// plan.md for a pull request, plan.html for a browser. Further words go to the preview, such as --save-plan FILE.
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { planMarkdown } from "./render/plan-markdown";
import { planPage } from "./render/plan-page";
import { savedPlanIn, withOwnFile, writeOwnFile } from "./plan/own-file";
import { preview } from "./plan/preview";
import { readDocument } from "./plan/read-document";
import { formatPlan } from "./plan/words";
import { projectRoot } from "./engine/project-root";

const USAGE = "Say which stack: npm run plan -- --stack NAME [--out FOLDER] [words for pulumi preview]\n";

async function main(): Promise<void> {
  const words = formatPlan(process.argv.slice(2));
  if (words === null) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const { stack, others } = words;
  const out = resolve(projectRoot, words.out);
  const fileOf = (name: string) => join(out, name);
  mkdirSync(out, { recursive: true, mode: 0o700 });
  // Remove the files of an earlier run, so that they are not mistaken for this run's.
  for (const name of ["plan.json", "plan.md", "plan.html"]) rmSync(fileOf(name), { force: true });

  const saved = savedPlanIn(others);
  const run = await withOwnFile(saved === null ? null : resolve(projectRoot, saved), () =>
    preview(["--stack", stack, ...others], projectRoot, fileOf("plan.json")),
  );
  const document = readDocument(fileOf("plan.json"), run, stack, Date.now());

  writeOwnFile(fileOf("plan.json"), `${JSON.stringify(document, null, 1)}\n`);
  writeOwnFile(fileOf("plan.md"), planMarkdown(document));
  writeOwnFile(fileOf("plan.html"), planPage(document));
  process.stdout.write(`\n${document.verdict.label}: ${document.verdict.summary}\n\n`);
  for (const name of ["plan.md", "plan.html", "plan.json"]) process.stdout.write(`  ${fileOf(name)}\n`);
  process.exitCode = run.code ?? 1;
}

void main();
