// npm run rehearse -- --stack NAME: copies a tenant's licensing state and runs the whole migration on the copy, on this machine.
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { counted } from "../licensing/counts";
import { exitCodeOf, verdictOf } from "../licensing/verdict";
import { onlyNowAndThen } from "../cli/progress-line";
import { anonymised } from "./copy/anonymise";
import { loadCopy, saveCopy } from "./copy/copy-file";
import { copyTenant } from "./copy/copy-tenant";
import { rehearse } from "./migration/rehearse";
import type { RehearsalOptions } from "./options";
import { heedInterruption } from "./process/interruption";
import { writeReport } from "./report/files";
import { terminalText } from "./report/terminal";
import { projectRoot } from "../cli/engine/project-root";

interface Options extends Omit<RehearsalOptions, "narrow"> {
  readonly stack?: string;
  readonly copy?: string;
  readonly save?: string;
  readonly keepIds: boolean;
  readonly names: boolean;
  readonly run: boolean;
  readonly out?: string;
  readonly folder: string;
  readonly narrow?: string;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("a whole number from 1 is needed.");
  return value;
}

const command = new Command("npm run rehearse --")
  .description(
    "Copies what a migration looks at in a tenant, only reading it, and runs the whole migration on the copy: on this machine, with the real engine and the real " +
      "stack file. Says what would have happened. Exit code 0: no user would lose a service, and the migration comes to its end.",
  )
  .option("--stack <name>", "the name of the stack, such as contoso, with a file stacks/Pulumi.contoso.yaml")
  .option("--copy <file>", "rehearse on a saved copy: no tenant, no sign-in, no stack file")
  .option("--save <file>", "save the copy, with other ids and without names: .json, or .json.gz")
  .option("--keep-ids", "the saved copy keeps the ids of users and groups, and so the users of each wave", false)
  .option("--names", "copy the names of users, too, and show them in the report", false)
  .option("--out <folder>", "write rehearsal.md and rehearsal.json there")
  .option("--throttle", "trouble: Graph refuses what goes beyond its quotas", false)
  .option("--narrow <group>", "trouble: a plan is taken out of this group's licence in the middle of the largest wave")
  .option("--seats-short <n>", "trouble: this many seats fewer than the groups need", wholeNumber, 0)
  .option("--leave <n>", "trouble: this many users leave their group in the middle of the largest wave", wholeNumber, 0)
  .option("--no-rollback", "end after the last wave")
  .option("--no-run", "only copy and save")
  .option("--folder <folder>", "where the stack files are", join(projectRoot, "stacks"))
  .parse();

const progress = onlyNowAndThen(process.stderr);

function say(line: string): void {
  progress.end();
  console.log(line);
}

async function main({ stack, narrow, ...options }: Options): Promise<void> {
  if ((stack === undefined) === (options.copy === undefined))
    command.error("Say which tenant: --stack NAME to copy it now, or --copy FILE for a copy that was saved.");
  const copy =
    options.copy === undefined
      ? await copyTenant({ ...options, stack: stack ?? "" }, progress.show)
      : loadCopy(options.copy);
  say(`Copied ${copy.copiedAt}: ${counted(copy.users.length, "user")}, ${counted(copy.groups.length, "group")}.`);
  if (options.save !== undefined) {
    saveCopy(options.save, anonymised(copy, options.keepIds));
    say(
      `${options.save}: the copy, without names, and ${options.keepIds ? "with the tenant's ids" : "with ids of its own"}.`,
    );
  }
  if (!options.run) return;

  const interruption = heedInterruption();
  const rehearsal = await rehearse(copy, { ...options, narrow: narrow ?? null }, { say, ...interruption });
  say(`\n${terminalText(rehearsal, process.stdout.isTTY)}`);
  if (options.out !== undefined) for (const file of writeReport(options.out, rehearsal)) say(file);
  process.exitCode = exitCodeOf(verdictOf(rehearsal.verdict.word));
}

main(command.opts<Options>()).catch((error: unknown) => {
  progress.end();
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
