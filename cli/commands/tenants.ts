import { join, resolve } from "node:path";
import { worst } from "../../licensing/verdict";
import { EXIT } from "../exit-codes";
import { heedingCtrlC, type CtrlC } from "../ctrl-c";
import { addToSummary, setOutput } from "../pipeline/workflow-files";
import { withWorkloadIdentity } from "../pipeline/workload-identity";
import { onlyNowAndThen } from "../progress-line";
import { applyInTurn, lookAtAll } from "../tenants/all";
import { environmentOf, refuseFolderInCheckout } from "../tenants/environment";
import { roomForRuns } from "../tenants/in-lanes";
import type { Surroundings } from "../tenants/look-at";
import { inOrder, resultsIn, summaryOf, writeReport } from "../tenants/report";
import { reportTable } from "../tenants/report-table";
import { verdictOfTenant, type Look, type TenantResult } from "../tenants/result";
import { runTool } from "../tenants/run-tool";
import { stacksIn } from "../tenants/stacks";
import { examples, folderOption, NAMES, wholeNumberFrom, type Register } from "./command";

interface Options {
  readonly folder: string;
  readonly envDir?: string;
  readonly out: string;
  readonly atOnce: number;
  readonly limitMinutes: number;
  readonly names?: boolean;
  readonly json: boolean;
  readonly expect?: string;
}

const { env } = process;
const OUT = ["--out <folder>", "where the report and a folder for each stack go", join("plans", "tenants")] as const;
const ENV_DIR = [
  "--env-dir <folder>",
  "where all.env and NAME.env hold the credentials; not in this repository",
] as const;
const LIMIT = ["--limit-minutes <number>", "how long one tenant may take", wholeNumberFrom(1), 60] as const;
const JSON_LINE = ["--json", "print the results as one line of JSON, for a program", false] as const;

const LOOKS: readonly (readonly [Look, string])[] = [
  ["plan", "what the next up would do in each, with the plan of each as files"],
  ["drift", "whether each has nothing to do"],
  ["doctor", "whether each has all that a run needs"],
];
export const registerTenants: Register = (program) => {
  const tenants = program
    .command("tenants")
    .summary("many tenants, a stack each: one report over all")
    .description(
      "Many tenants, a stack each: looks at all of them, and writes one report. STACK is a name, or a pattern such as contoso-*.",
    )
    .addHelpText("after", examples("tenants list", "tenants plan 'contoso-*'", "tenants apply contoso-it contoso-hr"));

  tenants
    .command("list")
    .description("which stacks there are; in a workflow also as the output `stacks`")
    .argument("[stack...]")
    .addOption(folderOption())
    .option("--json", "as a list for a matrix", false)
    .addHelpText("after", examples("tenants list --json"))
    .action((words: readonly string[], { folder, json }: Options) => {
      const names = stacksIn(resolve(folder), words).map(({ name }) => name);
      setOutput(env, "stacks", JSON.stringify(names));
      console.log(json ? JSON.stringify(names) : names.join("\n"));
    });

  for (const [look, description] of LOOKS) {
    tenants
      .command(look)
      .description(description)
      .argument("[stack...]")
      .addOption(folderOption())
      .option(...ENV_DIR)
      .option(...OUT)
      .option(...LIMIT)
      .option(...NAMES)
      .option(...JSON_LINE)
      .option("--at-once <number>", "how many at a time", wholeNumberFrom(1), roomForRuns())
      .addHelpText("after", examples(`tenants ${look}`, `tenants ${look} 'contoso-*' --env-dir ~/tenants`))
      .action(async (words: readonly string[], options: Options) => {
        refuseFolderInCheckout(options.envDir);
        const stacks = stacksIn(resolve(options.folder), words);
        const progress = onlyNowAndThen(process.stderr);
        const show = (done: readonly TenantResult[]) => progress.show(`${done.length} of ${stacks.length} tenants`);
        const results = await heedingCtrlC((ctrlC) =>
          withWorkloadIdentity(env, (signedIn) =>
            lookAtAll(stacks, look, options.atOnce, around(options, signedIn, ctrlC), show),
          ),
        );
        progress.end();
        report(results, options);
      });
  }

  tenants
    .command("apply")
    .description("applies the plans that `plan` made and you have read, one tenant after the other, until one fails")
    .argument("<stack...>", "by name: no patterns")
    .addOption(folderOption())
    .option(...ENV_DIR)
    .option(...OUT)
    .option("--limit-minutes <number>", "how long one tenant may take", wholeNumberFrom(1), 360)
    .option(...JSON_LINE)
    .addHelpText("after", examples("tenants apply contoso-it contoso-hr"))
    .action(async (words: readonly string[], options: Options) => {
      refuseFolderInCheckout(options.envDir);
      const folder = resolve(options.folder);
      report(
        await heedingCtrlC((ctrlC) =>
          withWorkloadIdentity(env, (signedIn) =>
            applyInTurn(folder, words, around(options, signedIn, ctrlC), console.log),
          ),
        ),
        options,
      );
    });

  tenants
    .command("report")
    .description("one report over what single runs left in a folder, such as the jobs of a matrix")
    .option(...OUT)
    .option("--expect <stacks>", 'a list such as ["contoso","fabrikam"]: which ones should have left something')
    .option(...JSON_LINE)
    .addHelpText("after", examples("tenants report --out plans/tenants"))
    .action((options: Options) => {
      const expected = options.expect === undefined ? [] : (JSON.parse(options.expect) as readonly string[]);
      report(resultsIn(resolve(options.out), expected), options);
    });
};

function around(
  { envDir, out, limitMinutes, names = false }: Options,
  signedIn: NodeJS.ProcessEnv,
  ctrlC: CtrlC,
): Surroundings {
  return {
    out: resolve(out),
    environmentOf: (stack) => environmentOf(stack, envDir, signedIn),
    limitMs: limitMinutes * 60_000,
    names,
    ctrlC,
    run: runTool,
  };
}

function report(results: readonly TenantResult[], options: Options): void {
  const out = resolve(options.out);
  const markdown = writeReport(results, out, Date.now());
  addToSummary(env, markdown);
  if (options.json) console.log(JSON.stringify(inOrder(results)));
  else {
    console.log(reportTable(inOrder(results)));
    console.log(`\n${summaryOf(results)}\n  ${join(out, "tenants.md")}\n  ${join(out, "tenants.json")}`);
  }
  // A tenant that needs a look is an error here: of many tenants, each one has to be seen.
  if (worst(results.map(verdictOfTenant)) !== "pass") process.exitCode = EXIT.failed;
}
