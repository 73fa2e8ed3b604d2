import { resolve } from "node:path";
import type * as applying from "../pipeline/apply";
import type * as drifting from "../pipeline/drift";
import type { Stack } from "../pipeline/plan-files";
import type * as reviewing from "../pipeline/review";
import { examples, STACK, type Register } from "./command";

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

/** What the workflows call, the same on a laptop: docs/pull-requests.md. */
export const registerPipeline: Register = (program) => {
  const pipeline = program
    .command("pipeline")
    .summary("the steps of a pull request's workflow")
    .description("Plans that are reviewed, and applied as reviewed.")
    .addHelpText("after", examples("pipeline review -s contoso"));
  pipeline
    .command("review")
    .description("make the plan, and show it on the pull request")
    .requiredOption(...STACK)
    .option(...OUT)
    .option(...FILE)
    .action((options: Options) => {
      const { review } = require("../pipeline/review") as typeof reviewing;
      return exit(review(stackOf(options), resolve(options.out), env));
    });
  pipeline
    .command("find")
    .description("find the plan that was reviewed on the pull request that brought this commit")
    .requiredOption(...STACK)
    .action(({ stack }: Options) => exit(loadApply().find(stack, env)));
  pipeline
    .command("agree")
    .description("check that the reviewed plan is still what would happen; make a new one where there is none")
    .requiredOption(...STACK)
    .option(...REVIEWED)
    .option(...FILE)
    .action((options: Options) => exit(loadApply().agree(stackOf(options), resolve(options.reviewed), env)));
  pipeline
    .command("apply")
    .description("apply the reviewed plan, and nothing else")
    .requiredOption(...STACK)
    .option(...REVIEWED)
    .option(...FILE)
    .action((options: Options) => exit(loadApply().apply(stackOf(options), resolve(options.reviewed), env)));
  pipeline
    .command("drift")
    .description("say in one issue what the tenant and the stack file disagree on")
    .requiredOption(...STACK)
    .option(...OUT)
    .option(...FILE)
    .action((options: Options) => {
      const { drift } = require("../pipeline/drift") as typeof drifting;
      return exit(drift(stackOf(options), resolve(options.out), env));
    });
};

function loadApply(): typeof applying {
  return require("../pipeline/apply") as typeof applying;
}
