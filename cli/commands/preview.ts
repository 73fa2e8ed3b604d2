import type { Command } from "commander";
import type * as tool from "../run/preview";
import type { RunOptions } from "../run/look";
import { GUARDRAILS_OPTION, withGuardrails } from "../engine/guardrails";
import { examples, NAMES, type Register } from "./command";

export const registerPreview: Register = (program) => {
  withRunOptions(program.command("preview"))
    .summary("show what the next up would do")
    .description(
      "Shows what the next up would do: groups, waves in order, blocked users by reason, and what to do next. Changes nothing. " +
        "Further options go to the engine's preview, such as --policy-pack FOLDER.",
    )
    .option("--expect-no-changes", "end with 4 if there is something to do")
    .option(...GUARDRAILS_OPTION)
    .addHelpText("after", examples("preview --stack contoso", "preview --stack contoso --names"))
    .action(async (words: readonly string[], { expectNoChanges, guardrails, ...options }: Options) => {
      const { preview } = require("../run/preview") as typeof tool;
      const all = [...words, ...(expectNoChanges ? ["--expect-no-changes"] : [])];
      process.exitCode = await preview(options, withGuardrails(all, guardrails));
    });
};

interface Options extends RunOptions {
  readonly guardrails?: string;
  readonly expectNoChanges?: true;
}

/** What `preview`, `up` and `rollback` share. */
export function withRunOptions(command: Command): Command {
  return command
    .requiredOption("-s, --stack <name>", "the stack, such as contoso")
    .option("--config-file <file>", "the stack file, where it is not in stacks/")
    .option(...NAMES)
    .option("--json", "print the result as one line of JSON, for a program", false)
    .allowUnknownOption()
    .argument("[words...]", "words for the engine");
}
