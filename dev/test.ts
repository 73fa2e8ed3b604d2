// npm test: format, lint, types and the quick tests, closed by one line that counts them all.
// npm test -- WORDS…: tests alone, with these words for mocha (a file, or --grep). npm run test:slow: those in *.slow.test.ts.
// With --slowest each also says which files took longest.
import { join } from "node:path";
import { Command } from "commander";
import { runChecks } from "./test/checks";
import { slowestFiles } from "./test/slowest";
import { add, closingLines, nothing } from "./test/tally";
import { runTests } from "./test/tests";

const SLOW_TESTS = "**/*.slow.test.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const command = new Command("npm test --")
  .description(
    "Format, lint, types and the quick tests. With words for mocha, such as a file or --grep: those tests alone.",
  )
  .option("--slow", "the slow tests", false)
  .option("--slowest", "say which files took longest", false)
  .allowUnknownOption()
  .allowExcessArguments()
  .parse();

async function main(words: readonly string[]): Promise<void> {
  const { slow: isSlow, slowest } = command.opts<{ slow: boolean; slowest: boolean }>();
  const isWhole = words.length === 0 && !isSlow;
  const checks = isWhole ? await runChecks(print) : nothing;
  const which = isWhole ? ["--ignore", SLOW_TESTS] : isSlow && words.length === 0 ? [`test/${SLOW_TESTS}`] : words;
  const { tally, msByFile } = await runTests(which);
  const total = add(checks, tally);
  if (slowest) for (const line of slowestFiles(msByFile, join(__dirname, ".."))) print(line);
  print(closingLines(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
}

void main(command.args);
