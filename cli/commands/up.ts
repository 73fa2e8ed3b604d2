import type * as tool from "../run/up";
import { GUARDRAILS_OPTION, withGuardrails } from "../engine/guardrails";
import { examples, type Register } from "./command";
import { withRunOptions } from "./preview";

export const registerUp: Register = (program) => {
  withRunOptions(program.command("up"))
    .summary("apply the stack file, as far as it allows")
    .description(
      "Previews, asks, and applies: the groups get their licences, every member is verified, and the direct licences of the waves go that " +
        "licensing:applyThrough allows. One Ctrl-C ends it after the users in hand, within about 15 seconds; moved users stay moved, and the next up goes on.",
    )
    .option("-y, --yes", "apply without asking", false)
    .option(...GUARDRAILS_OPTION)
    .addHelpText("after", examples("up --stack contoso", "up --stack contoso --yes --json"))
    .action(
      async (
        words: readonly string[],
        { guardrails, ...options }: tool.UpOptions & { readonly guardrails?: string },
      ) => {
        const { up } = require("../run/up") as typeof tool;
        process.exitCode = await up(options, withGuardrails(words, guardrails));
      },
    );
};
