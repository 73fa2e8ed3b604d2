// npm run discover -- --stack NAME: reads a tenant and writes a first stack file. It changes nothing in the tenant.
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { discover, type DiscoverOptions } from "./discover/discover";
import { cacheFolder } from "./engine/cache-folder.mjs";
import { onlyNowAndThen } from "./progress-line";
import { projectRoot } from "./engine/project-root";

const collect = (word: string, before: readonly string[]) => [...before, word];

const options = new Command("npm run discover --")
  .description(
    "Reads the licences of a tenant, and writes a first stack file and a page of findings. Changes nothing in the tenant.",
  )
  .requiredOption("--stack <name>", "the name of the stack, such as contoso: writes stacks/Pulumi.contoso.yaml")
  .option("--tenant <id or domain>", "the tenant; by default the one that the stack file names")
  .option(
    "--cloud <cloud>",
    'global, usgov, usgov-dod, china, or {"graph": "https://host", "authority": "https://host"}',
  )
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
  .option("--names", "name people in the findings, beside their ids", false)
  .option("--overwrite", "do not ask before a file is overwritten", false)
  .option("--fresh", "do not go on from where an earlier run was stopped", false)
  .option("--folder <folder>", "where the stack files are", join(projectRoot, "stacks"))
  .parse()
  .opts<DiscoverOptions>();

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

const progress = onlyNowAndThen(process.stderr);

discover(options, {
  say: (line) => {
    progress.end();
    console.log(line);
  },
  progress: progress.show,
  ask: process.stdin.isTTY ? ask : null,
  now: () => Date.now(),
  cacheFolder: cacheFolder(process.env),
}).catch((error: unknown) => {
  progress.end();
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
