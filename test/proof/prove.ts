// npm run prove -- [--cases 100000] [--seed N]: random tenants, until a promise does not hold or all are tried.
import { Command, InvalidArgumentError } from "commander";
import { closeSkies, openEmulators } from "./proof-rig";
import { openRig } from "../providers/rig";
import { emptyTable, foretell } from "./foretold";
import { prove, type Proven } from "./proving";

/** Tried in one go, with a seed of their own: a failure is found again from that seed alone. */
const CHUNK = 500;

/** Tenants to compare the preview with what happens. */
const FORETOLD = 200;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { cases, seed: first } = new Command("npm run prove --")
    .option("--cases <n>", "how many random tenants", wholeNumber, 100_000)
    .option(
      "--seed <n>",
      "the seed of the first; without it another one each time",
      wholeNumber,
      Date.now() % 1_000_000_000,
    )
    .parse()
    .opts<{ cases: number; seed: number }>();
  const startedMs = Date.now();
  print(`Trying ${cases} random tenants from seed ${first}.`);
  const skies = await openEmulators();
  try {
    for (let done = 0, seed = first; done < cases; done += CHUNK, seed += 1) {
      const proven = await prove(seed % 2 === 0 ? "trouble" : "people", Math.min(CHUNK, cases - done), seed, skies);
      if (proven.failure !== null) {
        print(proven.failure);
        print(`A promise does not hold. To see it again: npm run prove -- --seed ${seed} --cases ${CHUNK}`);
        return 1;
      }
      print(`${Math.min(done + CHUNK, cases)} of ${cases} ${wordsOf(proven, Date.now() - startedMs)}`);
    }
    print("Every promise held in each of them.");
    return await compareWithForetold();
  } finally {
    await closeSkies(skies);
  }
}

/** What the preview says of random tenants of real products, and what becomes of it; 1 where it missed something or was wrong. */
async function compareWithForetold(): Promise<number> {
  const rig = await openRig();
  const table = emptyTable();
  const failures: string[] = [];
  for (let seed = 1; seed <= FORETOLD; seed += 1) failures.push(...(await foretell(rig, seed, table)));
  await rig.close();
  print(`The preview of ${FORETOLD} tenants of real products, by what stands in the way of a licence:`);
  for (const [kind, { happened, unknown, missed, wrong }] of Object.entries(table)) {
    print(
      `  ${kind}: foretold and happened ${happened}, marked unknown ${unknown}, missed ${missed}, did not happen ${wrong}`,
    );
  }
  for (const failure of failures) print(failure);
  return failures.length === 0 ? 0 : 1;
}

function wordsOf({ shares }: Proven, elapsedMs: number): string {
  const words = Object.entries(shares).map(([name, share]) => `${name} ${Math.round(share * 100)}%`);
  return `(${Math.round(elapsedMs / 1_000)} s; cases with ${words.join(", ")})`;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("A whole number is needed.");
  return Number(text);
}

void main().then((code) => {
  process.exitCode = code;
});
