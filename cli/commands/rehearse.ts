import type * as tool from "../../rehearsal/run";
import { examples, folderOption, STACK, wholeNumberFrom, type Register } from "./command";

export const registerRehearse: Register = (program) => {
  const command = program
    .command("rehearse")
    .summary("run the whole migration on a copy, on this machine")
    .description(
      "Copies what a migration looks at in a tenant, only reading it, and runs the whole migration on the copy: on this machine, with the real engine and the real " +
        "stack file. Says what would have happened. Exit code 0: no user would lose a service, and it comes to its end.",
    )
    .option(...STACK)
    .option("--copy <file>", "rehearse on a saved copy: no tenant, no sign-in, no stack file")
    .option("--save <file>", "save the copy, with other ids and without names: .json, or .json.gz")
    .option("--keep-ids", "the saved copy keeps the ids of users and groups, and so which user is in which wave", false)
    .option("--names", "copy the names of users, too, and show them in the report", false)
    .option("--out <folder>", "write rehearsal.md and rehearsal.json there")
    .option("--throttle", "trouble: Graph refuses what goes beyond its quotas", false)
    .option("--narrow <group>", "trouble: a plan is taken out of this group in the middle of the largest wave")
    .option("--seats-short <n>", "trouble: so many seats fewer than the groups need", wholeNumberFrom(1), 0)
    .option(
      "--leave <n>",
      "trouble: so many users leave their group in the middle of the largest wave",
      wholeNumberFrom(1),
      0,
    )
    .option("--no-rollback", "end after the last wave")
    .option("--no-run", "only copy and save")
    .addOption(folderOption())
    .option("--json", "print the report as one line of JSON, for a program", false)
    .addHelpText("after", examples("rehearse --stack contoso", "rehearse --stack contoso --throttle --seats-short 5"))
    .action(async (options: tool.RehearseOptions) => {
      if ((options.stack === undefined) === (options.copy === undefined))
        command.error("Say which tenant: --stack NAME to copy it now, or --copy FILE for a copy that was saved.");
      const { runRehearsal } = require("../../rehearsal/run") as typeof tool;
      process.exitCode = await runRehearsal(options);
    });
};
