import type * as tool from "../../demo/run";
import { examples, type Register } from "./command";

export const registerDemo: Register = (program) => {
  program
    .command("demo")
    .summary("a whole migration, without an account")
    .description(
      "Runs a whole migration of 1,000 users on the real engine, in a tenant that lives on this machine for as long as the demo does. Takes about a minute. " +
        "Exit code 0: no user lost a service.",
    )
    .option("--json", "print the figures at its end as one line of JSON, for a program", false)
    .addHelpText("after", examples("demo"))
    .action(async (options: tool.DemoOptions) => {
      const { runDemo } = require("../../demo/run") as typeof tool;
      await runDemo(options);
    });
};
