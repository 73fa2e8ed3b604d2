import { Option } from "commander";
import type * as tool from "../doctor/doctor";
import { PURPOSES } from "../doctor/wanted";
import { CLOUD, examples, folderOption, STACK, type Register } from "./command";

export const registerDoctor: Register = (program) => {
  program
    .command("doctor")
    .summary("say what a stack still needs")
    .description(
      "Says whether a stack has all that it needs: sign-in, permissions, clock, engine, backend. Changes nothing in the tenant.",
    )
    .option(...STACK)
    .option("--tenant <id or domain>", "the tenant, where there is no stack file yet")
    .option(...CLOUD)
    .addOption(folderOption())
    .addOption(
      new Option(
        "--for <purpose>",
        "what must be there; each includes those before it. Without it: what the stack file asks for",
      ).choices(PURPOSES),
    )
    .option("--json", "print the checks as one line of JSON, for a program", false)
    .addHelpText("after", examples("doctor --tenant contoso.com", "doctor --stack contoso --for up"))
    .action(async (options: tool.DoctorOptions) => {
      const { doctor } = require("../doctor/doctor") as typeof tool;
      process.exitCode = await doctor(options);
    });
};
