// npm test: format, lint, types and the quick tests, closed by one line that counts them all.
// npm test -- WORDS…: tests alone, with these words for mocha (a file, or --grep).
// npm run test:slow: the tests in *.slow.test.ts.
// With --slowest each also says which files took longest.
import { join } from "node:path";
import { runChecks } from "./test/checks";
import { slowestFiles } from "./test/slowest";
import { add, closingLines, nothing } from "./test/tally";
import { runTests } from "./test/tests";

const SLOW_TESTS = "**/*.slow.test.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(given: readonly string[]): Promise<void> {
  const words = given.filter((word) => word !== "--slow" && word !== "--slowest");
  const isSlow = given.includes("--slow");
  const isWhole = words.length === 0 && !isSlow;
  const checks = isWhole ? await runChecks(print) : nothing;
  const which = isWhole ? ["--ignore", SLOW_TESTS] : isSlow && words.length === 0 ? [`test/${SLOW_TESTS}`] : words;
  const { tally, msByFile } = await runTests(which);
  const total = add(checks, tally);
  if (given.includes("--slowest")) for (const line of slowestFiles(msByFile, join(__dirname, ".."))) print(line);
  print(closingLines(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
}

void main(process.argv.slice(2));
