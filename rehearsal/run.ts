import { counted } from "../licensing/counts";
import { exitCodeOf, verdictOf } from "../licensing/verdict";
import { onlyNowAndThen } from "../cli/progress-line";
import { anonymised } from "./copy/anonymise";
import { loadCopy, saveCopy } from "./copy/copy-file";
import { copyTenant } from "./copy/copy-tenant";
import { rehearse } from "./migration/rehearse";
import type { RehearsalOptions } from "./options";
import { Interrupted, Interruption } from "./process/interruption";
import { writeReport } from "./report/files";
import { terminalText } from "./report/terminal";

export interface RehearseOptions extends Omit<RehearsalOptions, "narrow"> {
  readonly stack?: string;
  readonly copy?: string;
  readonly save?: string;
  readonly keepIds: boolean;
  readonly names: boolean;
  readonly run: boolean;
  readonly out?: string;
  readonly folder: string;
  readonly narrow?: string;
  readonly json: boolean;
}

/**
 * Copies a tenant's licensing state and runs the whole migration on the copy, on this machine.
 *
 * @returns the exit code: 0 if no user would lose a service and the migration comes to its end, or if it was not to be run
 */
export async function runRehearsal({ stack, narrow, json, ...options }: RehearseOptions): Promise<number> {
  const progress = onlyNowAndThen(process.stderr);
  const say = (line: string): void => {
    progress.end();
    if (!json) console.log(line);
  };
  const copy = await (
    options.copy === undefined
      ? copyTenant({ ...options, stack: stack ?? "" }, progress.show)
      : Promise.resolve().then(() => loadCopy(options.copy ?? ""))
  ).finally(progress.end);
  say(`Copied ${copy.copiedAt}: ${counted(copy.users.length, "user")}, ${counted(copy.groups.length, "group")}.`);
  if (options.save !== undefined) {
    saveCopy(options.save, anonymised(copy, options.keepIds));
    say(
      `${options.save}: the copy, without names, and ${options.keepIds ? "with the tenant's ids" : "with ids of its own"}.`,
    );
  }
  if (!options.run) return 0;

  const watching = { say, interruption: new Interruption() };
  const rehearsal = await rehearse(copy, { ...options, narrow: narrow ?? null }, watching).catch(whyStopped);
  if (rehearsal instanceof Interrupted) {
    console.error(`${rehearsal.message} The copy and everything that was made of it are gone from this machine.`);
    return rehearsal.exitCode;
  }
  if (json) console.log(JSON.stringify(rehearsal));
  say(`\n${terminalText(rehearsal, process.stdout.isTTY)}`);
  if (options.out !== undefined) for (const file of writeReport(options.out, rehearsal)) say(file);
  return exitCodeOf(verdictOf(rehearsal.verdict.word));
}

function whyStopped(error: unknown): Interrupted {
  if (error instanceof Interrupted) return error;
  throw error;
}
