import type { Command } from "commander";
import type * as tool from "../run/preview";
import { GUARDRAILS_OPTION, withGuardrails } from "../engine/guardrails";
import { CONFIG_FILE, examples, EXPECT_NO_CHANGES, NAMES, type Register } from "./command";

export const registerPreview: Register = (program) => {
  withRunOptions(program.command("preview"))
    .summary("show what the next up would do")
    .description(
      "Shows what the next up would do: groups, waves in order, blocked users by reason, and what to do next. Changes nothing. " +
        "Further options go to the engine's preview, such as --policy-pack FOLDER.",
    )
    .option(...EXPECT_NO_CHANGES)
    .option(...GUARDRAILS_OPTION)
    .addHelpText("after", examples("preview --stack contoso", "preview --stack contoso --names"))
    .action(async (words: readonly string[], { guardrails, ...options }: Options) => {
      const { preview } = require("../run/preview") as typeof tool;
      process.exitCode = await preview(options, withGuardrails(words, guardrails));
    });
};

interface Options extends tool.PreviewOptions {
  readonly guardrails?: string;
}

/** What `preview`, `up` and `rollback` share. */
export function withRunOptions(command: Command): Command {
  return command
    .requiredOption("-s, --stack <name>", "the stack, such as contoso")
    .option(...CONFIG_FILE)
    .option(...NAMES)
    .option("--json", "print the result as one line of JSON, for a program", false)
    .allowUnknownOption()
    .argument("[words...]", "words for the engine");
}
