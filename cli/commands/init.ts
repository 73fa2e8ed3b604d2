import { Option } from "commander";
import type * as tool from "../init/init";
import { examples, type Register } from "./command";

export const registerInit: Register = (program) => {
  program
    .command("init")
    .summary("write a repository for a tenant, in this folder")
    .description(
      "Writes a small repository of your own into this folder: the program, a stack file for a tenant, and a pipeline. Asks for what is not given. Replaces no file.",
    )
    .option("--tenant <id or domain>", "the tenant")
    .option("-s, --stack <name>", "the name of its stack, such as contoso")
    .addOption(
      new Option("--pipeline <kind>", "where pull requests are planned and applied")
        .choices(["github", "azure-devops", "none"])
        .default("github"),
    )
    .option("--json", "print the files as one line of JSON, for a program", false)
    .addHelpText("after", examples("init", "init --tenant contoso.com --stack contoso"))
    .action(async (options: tool.InitOptions) => {
      const { init } = require("../init/init") as typeof tool;
      await init(options, process.cwd());
    });
};
