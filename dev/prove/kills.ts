// npm run prove:kills -- --times 1000 --seed 1: runs on the real engine that are killed so many times, of migrations on
// their way forward and back, each kill a line. The suite does one round of them. A failure names the seed that repeats it.
import { Command, InvalidArgumentError } from "commander";
import { runTests } from "../test/tests";
import { closingLines } from "../test/tally";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { times, seed, grep } = new Command("npm run prove:kills --")
    .option("--times <n>", "how many kills", wholeNumber, "1000")
    .option("--seed <n>", "the seed of the first round", wholeNumber, "1")
    .option("--grep <words>", "only journeys with these words in their name; the rounds are those of all kills")
    .parse()
    .opts<{ times: string; seed: string; grep?: string }>();
  process.env["PROVE_KILLS_TIMES"] = times;
  process.env["PROVE_KILLS_SEED"] = seed;
  const only = grep === undefined ? [] : ["--grep", grep];
  // One after the other, so that a line is printed when its kill is done, and up to the first failure.
  const { tally } = await runTests(["--no-parallel", "--bail", ...only, "test/journeys/killed.slow.test.ts"]);
  print(closingLines(tally));
  process.exitCode = tally.failed === 0 ? 0 : 1;
}

function wholeNumber(text: string): string {
  if (/^[1-9]\d{0,8}$/.test(text)) return text;
  throw new InvalidArgumentError("A whole number from 1 is needed.");
}

void main();
