import { resolve } from "node:path";
import { GUARDRAILS_OPTION } from "../engine/guardrails";
import type * as applying from "../pipeline/apply";
import type * as drifting from "../pipeline/drift";
import type { Stack } from "../pipeline/plan-files";
import type * as reviewing from "../pipeline/review";
import { stackEnvironment, type SelectedStack } from "../engine/selected-stack";
import type * as touching from "../pipeline/stacks";
import { CONFIG_FILE, examples, STACK, type Register } from "./command";

const OUT = ["--out <folder>", "where the files of the plan go", "plan"] as const;
const REVIEWED = ["--reviewed <folder>", "where the reviewed plan lies", "plan"] as const;

interface Options extends SelectedStack {
  readonly out: string;
  readonly reviewed: string;
  readonly guardrails?: string;
  readonly only: string;
}

const stackOf = ({ stack: name, configFile, guardrails }: Options): Stack => ({
  name,
  words: ["--stack", name, ...(configFile === undefined ? [] : ["--config-file", resolve(configFile)])],
  ...(guardrails === undefined ? {} : { guardrails }),
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
    .command("stacks")
    .description("find the stacks that the change of this workflow touches, as its output `stacks`")
    .option("--only <name>", "one stack, for a workflow that was started by hand", "")
    .addHelpText("after", examples("pipeline stacks"))
    .action(({ only }: Options) => {
      const { stacks } = require("../pipeline/stacks") as typeof touching;
      return stacks(only, env);
    });
  pipeline
    .command("review")
    .description("make the plan, and show it on the pull request")
    .requiredOption(...STACK)
    .option(...OUT)
    .option(...CONFIG_FILE)
    .option(...GUARDRAILS_OPTION)
    .addHelpText("after", examples("pipeline review -s contoso --out plan"))
    .action((options: Options) => {
      const { review } = require("../pipeline/review") as typeof reviewing;
      return exit(review(stackOf(options), resolve(options.out), env));
    });
  pipeline
    .command("find")
    .description("find the plan that was reviewed on the pull request that brought this commit")
    .requiredOption(...STACK)
    .addHelpText("after", examples("pipeline find -s contoso"))
    .action(({ stack }: Options) => exit(loadApply().find(stack, env)));
  pipeline
    .command("agree")
    .description("check that the reviewed plan is still what would happen; make a new one where there is none")
    .requiredOption(...STACK)
    .option(...REVIEWED)
    .option(...CONFIG_FILE)
    .option(...GUARDRAILS_OPTION)
    .addHelpText("after", examples("pipeline agree -s contoso --reviewed plan"))
    .action((options: Options) => exit(loadApply().agree(stackOf(options), resolve(options.reviewed), env)));
  pipeline
    .command("apply")
    .description("apply the reviewed plan, and nothing else")
    .requiredOption(...STACK)
    .option(...REVIEWED)
    .option(...CONFIG_FILE)
    .option(...GUARDRAILS_OPTION)
    .addHelpText("after", examples("pipeline apply -s contoso --reviewed plan"))
    .action((options: Options) => {
      const environment = { ...env, ...stackEnvironment(options) };
      return exit(loadApply().apply(stackOf(options), resolve(options.reviewed), environment));
    });
  pipeline
    .command("drift")
    .description("say in one issue what the tenant and the stack file disagree on")
    .requiredOption(...STACK)
    .option(...OUT)
    .option(...CONFIG_FILE)
    .option(...GUARDRAILS_OPTION)
    .addHelpText("after", examples("pipeline drift -s contoso"))
    .action((options: Options) => {
      const { drift } = require("../pipeline/drift") as typeof drifting;
      return exit(drift(stackOf(options), resolve(options.out), env));
    });
};

function loadApply(): typeof applying {
  return require("../pipeline/apply") as typeof applying;
}
