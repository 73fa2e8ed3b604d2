// npm run pipeline -- COMMAND: what the workflows call, the same on a laptop. docs/pull-requests.md
import { resolve } from "node:path";
import { Command } from "commander";
import { agree, apply, find } from "./pipeline/apply";
import { drift } from "./pipeline/drift";
import type { Stack } from "./pipeline/plan-files";
import { review } from "./pipeline/review";

const STACK = ["--stack <name>", "the stack"] as const;
const OUT = ["--out <folder>", "where the files of the plan go", "plan"] as const;
const FILE = ["--config-file <file>", "the stack file, where it is not in stacks/"] as const;
const REVIEWED = ["--reviewed <folder>", "where the reviewed plan lies", "plan"] as const;

interface Options {
  readonly stack: string;
  readonly out: string;
  readonly reviewed: string;
  readonly configFile?: string;
}

const stackOf = ({ stack: name, configFile }: Options): Stack => ({
  name,
  words: ["--stack", name, ...(configFile === undefined ? [] : ["--config-file", resolve(configFile)])],
});
const { env } = process;
const exit = async (code: Promise<number>): Promise<void> => {
  process.exitCode = await code;
};

const program = new Command("pipeline").description("Plans that are reviewed, and applied as reviewed");

program
  .command("review")
  .description("make the plan, and show it on the pull request")
  .requiredOption(...STACK)
  .option(...OUT)
  .option(...FILE)
  .action((options: Options) => exit(review(stackOf(options), resolve(options.out), env)));
program
  .command("find")
  .description("find the plan that was reviewed on the pull request that brought this commit")
  .requiredOption(...STACK)
  .action(({ stack }: Options) => exit(find(stack, env)));
program
  .command("agree")
  .description("check that the reviewed plan is still what would happen; make a new one where there is none")
  .requiredOption(...STACK)
  .option(...REVIEWED)
  .option(...FILE)
  .action((options: Options) => exit(agree(stackOf(options), resolve(options.reviewed), env)));
program
  .command("apply")
  .description("apply the reviewed plan, and nothing else")
  .requiredOption(...STACK)
  .option(...REVIEWED)
  .option(...FILE)
  .action((options: Options) => exit(apply(stackOf(options), resolve(options.reviewed), env)));
program
  .command("drift")
  .description("say in one issue what the tenant and the stack file disagree on")
  .requiredOption(...STACK)
  .option(...OUT)
  .option(...FILE)
  .action((options: Options) => exit(drift(stackOf(options), resolve(options.out), env)));

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
