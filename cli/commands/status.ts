import type * as tool from "../run/status";
import { examples, type Register } from "./command";

export const registerStatus: Register = (program) => {
  program
    .command("status")
    .summary("where the waves stand, and a run that is going on")
    .description(
      "Shows where the waves stand by the state, and a run that is going on: at another terminal of this machine to the user, elsewhere to the part of about " +
        "1,000 users. Reads the state alone: no tenant, no sign-in to it, and no wait for a run.",
    )
    .requiredOption("-s, --stack <name>", "the stack, such as contoso")
    .option("--json", "print the result as one line of JSON, for a program", false)
    .addHelpText("after", examples("status --stack contoso", "status --stack contoso --json"))
    .action(async (options: tool.StatusOptions) => {
      const { status } = require("../run/status") as typeof tool;
      process.exitCode = await status(options);
    });
};
