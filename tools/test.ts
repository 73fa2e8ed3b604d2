// npm test: format, lint, types and the tests, closed by one line that counts them all.
// npm test -- WORDS…: the tests alone, with these words for mocha (a file, or --grep).
import { runChecks } from "./test/checks";
import { add, closingLines, nothing } from "./test/tally";
import { runTests } from "./test/tests";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(words: readonly string[]): Promise<void> {
  const checks = words.length === 0 ? await runChecks(print) : nothing;
  const tests = await runTests(words, print);
  const total = add(checks, tests);
  print(closingLines(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
}

void main(process.argv.slice(2));
