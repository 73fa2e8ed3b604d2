// npm run dev:prove:kills -- --times 1000 --seed 1: runs on the real engine that are killed so many times, of migrations on
// their way forward and back, each kill a line. The suite does one round of them. A failure names the seed that repeats it.
import { parseArgs } from "node:util";
import { runTests } from "../test/tests";
import { closingLines } from "../test/tally";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { times: { type: "string" }, seed: { type: "string" } } });
  process.env["PROVE_KILLS_TIMES"] = wholeNumber("times", values.times ?? "1000");
  process.env["PROVE_KILLS_SEED"] = wholeNumber("seed", values.seed ?? "1");
  // One after the other, so that a line is printed when its kill is done, and up to the first failure.
  const { tally } = await runTests(["--no-parallel", "--bail", "test/journeys/killed.slow.test.ts"]);
  print(closingLines(tally));
  process.exitCode = tally.failed === 0 ? 0 : 1;
}

function wholeNumber(name: string, word: string): string {
  if (/^[1-9]\d{0,8}$/.test(word)) return word;
  throw new Error(`--${name} must be a whole number from 1, not "${word}"`);
}

void main();
