import type * as tool from "../run/stop";
import { examples, type Register } from "./command";

export const registerStop: Register = (program) => {
  program
    .command("stop")
    .summary("end a run after the users in hand")
    .description(
      "Asks the run of a stack on this machine to end after the users in hand, and waits until it has. Moved users stay moved, all others keep their direct licences, " +
        "and the next up goes on.",
    )
    .requiredOption("-s, --stack <name>", "the stack, such as contoso")
    .option("--json", "print the result as one line of JSON, for a program", false)
    .addHelpText("after", examples("stop --stack contoso"))
    .action(async (options: tool.StopOptions) => {
      const { stop } = require("../run/stop") as typeof tool;
      process.exitCode = await stop(options);
    });
};
