import { createInterface } from "node:readline/promises";
import type * as tool from "../discover/discover";
import { cacheFolder } from "../engine/cache-folder.mjs";
import { onlyNowAndThen } from "../progress-line";
import { CLOUD, collect, examples, folderOption, NAMES, TENANT, type Register } from "./command";

interface Options extends tool.DiscoverOptions {
  readonly json: boolean;
}

export const registerDiscover: Register = (program) => {
  program
    .command("discover")
    .summary("write a first stack file from a tenant as it is")
    .description(
      "Reads the licences of a tenant, and writes a first stack file and a page of findings. Changes nothing in the tenant.",
    )
    .requiredOption("-s, --stack <name>", "the name of the stack, such as contoso: writes stacks/Pulumi.contoso.yaml")
    .option(...TENANT)
    .option(...CLOUD)
    .option(
      "--owner <user>",
      "an owner of the groups that are made, by user principal name or id; may be repeated",
      collect,
      [],
    )
    .option("--prices <file>", "a YAML file of prices a month, such as ENTERPRISEPACK: 23.10, for the cost by SKU")
    .option("--self-service", "propose groups for self-service, viral and trial SKUs, too", false)
    .option(
      "--every-variant",
      "a group for each set of disabled plans, also where only an app is off, or few users have it",
      false,
    )
    .option(...NAMES)
    .option("--overwrite", "do not ask before a file is overwritten", false)
    .option("--fresh", "do not go on from where an earlier run was stopped", false)
    .addOption(folderOption())
    .option("--json", "print what was written as one line of JSON, for a program", false)
    .addHelpText("after", examples("discover --stack contoso --tenant contoso.com"))
    .action(run);
};

async function run({ json, ...options }: Options): Promise<void> {
  const { discover } = require("../discover/discover") as typeof tool;
  const progress = onlyNowAndThen(process.stderr);
  const written = await discover(options, {
    say: (line) => {
      progress.end();
      if (!json) console.log(line);
    },
    progress: progress.show,
    ask: process.stdin.isTTY ? ask : null,
    now: () => Date.now(),
    cacheFolder: cacheFolder(process.env),
  }).finally(progress.end);
  if (json) console.log(JSON.stringify(written));
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
