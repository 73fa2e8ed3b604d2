import type * as tool from "../plan/write-plan";
import { GUARDRAILS_OPTION } from "../engine/guardrails";
import { examples, NAMES, type Register } from "./command";

export const registerPlan: Register = (program) => {
  program
    .command("plan")
    .summary("write the plan as files")
    .description(
      "Previews a stack, and writes its plan as files: plan.md for a pull request, plan.html for a browser, plan.json for tools. Changes nothing. " +
        "Further options go to the preview, such as --save-plan FILE.",
    )
    .requiredOption("-s, --stack <name>", "the stack, such as contoso")
    .option("--out <folder>", "where the files go (default: plans/NAME)")
    .option(...NAMES)
    .option(...GUARDRAILS_OPTION)
    .option("--json", "print the plan as one line of JSON, for a program", false)
    .allowUnknownOption()
    .argument("[words...]", "words for the preview")
    .addHelpText("after", examples("plan --stack contoso", "plan --stack contoso --out plan --expect-no-changes"))
    .action(async (words: readonly string[], options: tool.PlanOptions) => {
      const { writePlan } = require("../plan/write-plan") as typeof tool;
      process.exitCode = await writePlan(options, words);
    });
};
