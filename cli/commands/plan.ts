import type * as tool from "../plan/write-plan";
import { GUARDRAILS_OPTION } from "../engine/guardrails";
import { CONFIG_FILE, examples, EXPECT_NO_CHANGES, NAMES, type Register } from "./command";

export const registerPlan: Register = (program) => {
  program
    .command("plan")
    .summary("write the plan as files")
    .description(
      "Previews a stack, and writes its plan as files: plan.md for a pull request, plan.html for a browser, plan.json for tools, blocked.csv for a " +
        "spreadsheet. Changes nothing. Further options go to the engine's preview, such as --policy-pack FOLDER.",
    )
    .requiredOption("-s, --stack <name>", "the stack, such as contoso")
    .option(...CONFIG_FILE)
    .option("--out <folder>", "where the files go (default: plans/NAME)")
    .option("--save-plan <file>", "keep the engine's own plan too, for `pulumi up --plan`")
    .option(...EXPECT_NO_CHANGES)
    .option(...NAMES)
    .option(...GUARDRAILS_OPTION)
    .option("--json", "print the plan as one line of JSON, for a program", false)
    .allowUnknownOption()
    .argument("[words...]", "words for the engine")
    .addHelpText("after", examples("plan --stack contoso", "plan --stack contoso --out plan --expect-no-changes"))
    .action(async (words: readonly string[], options: tool.PlanOptions) => {
      const { writePlan } = require("../plan/write-plan") as typeof tool;
      process.exitCode = await writePlan(options, words);
    });
};
