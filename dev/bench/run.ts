// npm run bench: how fast direct licences go, beside the scripts that people use today, and what a run costs. All of it against the
// embedded Graph, on this machine. See docs/performance.md.
import { writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { profileInto } from "./child";
import { compareStartUp } from "./engine/start-up";
import { migrate, type WholeMigration } from "./engine/whole-migration";
import { planFiles, type PlanRun } from "./plan/plan-files";
import { measureRates } from "./rates";
import type { Rate, Results } from "./results";
import { tablesOf, verdictsTable } from "./tables";
import { verdicts } from "./verdicts";
import { countWork } from "./work/count-work";

const PARTS = ["rates", "plans", "starts", "migrations", "work"] as const;
type Part = (typeof PARTS)[number];

interface Options {
  readonly only: readonly Part[];
  readonly users: readonly number[];
  readonly mostUsers?: number;
  readonly latency: number;
  readonly out?: string;
  readonly profile?: string;
}

const options = new Command("npm run bench --")
  .description(
    "Measures removals, plans and whole migrations, and counts work, against the embedded Graph. See docs/performance.md.",
  )
  .option(`--only <parts>`, `some of ${PARTS.join(", ")}`, parts, PARTS)
  .option("--users <sizes>", "sizes of the whole migrations", sizes, [1_000, 10_000, 100_000])
  .option("--most-users <n>", "no tenant of the removals is larger: for a quick look", (text) => sizes(text)[0])
  .option("--latency <ms>", "how long each answer of Graph takes", Number, 20)
  .option("--out <file>", "writes the results as JSON, too")
  .option("--profile <folder>", "writes a processor profile of each contestant there, and of Graph")
  .parse()
  .opts<Options>();

/** Sizes that have a number to hold. */
const PLAN_SIZES = [20_000, 100_000];

async function main(): Promise<void> {
  if (options.profile !== undefined) profileInto(options.profile);
  const { latency: latencyMs } = options;
  const loadBefore = loadavg()[0] ?? 0;
  const wants = (part: Part) => options.only.includes(part);
  const rates: readonly Rate[] = wants("rates") ? await measureRates(latencyMs, log, options.mostUsers) : [];
  const plans: PlanRun[] = [];
  for (const users of wants("plans") ? PLAN_SIZES : []) {
    log(`plan of ${users} users`);
    plans.push(await planFiles(users, latencyMs));
  }
  if (wants("starts")) log("up of an empty program, and ours, in turns");
  const startUp = wants("starts") ? await compareStartUp() : null;
  const migrations: WholeMigration[] = [];
  for (const users of wants("migrations") ? options.users : []) {
    migrations.push(await migrate(users, latencyMs, (step) => log(`${users} users, ${step}`)));
  }
  if (wants("work")) log("counted work");
  const work = wants("work") ? await countWork() : [];
  const results: Results = {
    measuredAt: new Date().toISOString(),
    processors: availableParallelism(),
    node: process.version,
    loadBefore,
    latencyMs,
    rates,
    plans,
    migrations,
    startUp,
    work,
  };
  const judged = verdicts(results);
  console.log([...tablesOf(results), verdictsTable(judged)].join("\n\n"));
  // Counts do not depend on the machine, so one beyond its bound is a failure anywhere.
  if (work.some(({ holds }) => !holds)) process.exitCode = 1;
  if (options.out !== undefined) {
    writeFileSync(options.out, `${JSON.stringify({ ...results, verdicts: judged }, null, 1)}\n`);
  }
}

function log(what: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`);
}

function parts(text: string): readonly Part[] {
  const known: readonly string[] = PARTS;
  const words = text.split(",");
  const other = words.find((word) => !known.includes(word));
  if (other !== undefined) throw new InvalidArgumentError(`"${other}" is none of ${PARTS.join(", ")}.`);
  return words as Part[];
}

function sizes(text: string): number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new InvalidArgumentError("whole numbers are needed, such as 1000,10000.");
  }
  return numbers;
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
