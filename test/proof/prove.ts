// npm run prove -- [--cases 100000] [--seed N] [--workers N]: random tenants, until a promise does not hold or all are tried.
import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { openRig } from "../providers/rig";
import type { Chunk } from "./chunk-worker";
import { tryChunks } from "./chunks";
import { emptyTable, foretell } from "./foretold";
import type { Proven } from "./proving";

/** Tried in one go, with a seed of their own: a failure is found again from that seed alone. */
const CHUNK = 500;

/** Tenants to compare the preview with what happens. */
const FORETOLD = 200;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const {
    cases,
    seed: first,
    workers,
  } = new Command("npm run prove --")
    .option("--cases <n>", "how many random tenants", wholeNumber, 100_000)
    .option(
      "--seed <n>",
      "the seed of the first; without it another one each time",
      wholeNumber,
      Date.now() % 1_000_000_000,
    )
    .option("--workers <n>", "processes side by side", wholeNumber, availableParallelism())
    .parse()
    .opts<{ cases: number; seed: number; workers: number }>();
  const startedMs = Date.now();
  print(`Trying ${cases} random tenants from seed ${first}.`);
  let tried = 0;
  const failed: number[] = [];
  await tryChunks(chunksOf(cases, first), Math.max(1, workers), ({ seed }, proven) => {
    tried += proven.cases;
    if (proven.failure === null) {
      print(`${tried} of ${cases} ${wordsOf(seed, proven, Date.now() - startedMs)}`);
      return failed.length === 0;
    }
    failed.push(seed);
    print(proven.failure);
    print(`A promise does not hold. To see it again: npm run prove -- --seed ${seed} --cases ${CHUNK}`);
    return false;
  });
  if (failed.length > 0) return 1;
  print("Every promise held in each of them.");
  return await compareWithForetold();
}

function chunksOf(cases: number, first: number): readonly Chunk[] {
  return Array.from({ length: Math.ceil(cases / CHUNK) }, (_, at) => ({
    kind: (first + at) % 2 === 0 ? ("trouble" as const) : ("people" as const),
    cases: Math.min(CHUNK, cases - at * CHUNK),
    seed: first + at,
  }));
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

function wordsOf(seed: number, { shares }: Proven, elapsedMs: number): string {
  const words = Object.entries(shares).map(([name, share]) => `${name} ${Math.round(share * 100)}%`);
  return `(${Math.round(elapsedMs / 1_000)} s; seed ${seed}, cases with ${words.join(", ")})`;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("A whole number is needed.");
  return Number(text);
}

void main().then((code) => {
  process.exitCode = code;
});
