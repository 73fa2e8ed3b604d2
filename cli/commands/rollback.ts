import type * as tool from "../run/rollback";
import { collect, examples, type Register } from "./command";
import { withRunOptions } from "./preview";

export const registerRollback: Register = (program) => {
  withRunOptions(program.command("rollback"))
    .summary("put the direct licences of waves back")
    .description(
      "Puts the direct licences of waves back, as they are on record: writes `rollback` to the waves in the stack file, previews, asks, and applies. " +
        "Without --wave, all waves.",
    )
    .option("--wave <name>", "a wave to put back; may be repeated", collect, [])
    .option("--all-users", "every user on record, also users who have left their group since", false)
    .option("-y, --yes", "apply without asking", false)
    .addHelpText("after", examples("rollback --stack contoso --wave canary"))
    .action(async (words: readonly string[], options: tool.RollbackOptions) => {
      const { rollback } = require("../run/rollback") as typeof tool;
      process.exitCode = await rollback(options, words);
    });
};
