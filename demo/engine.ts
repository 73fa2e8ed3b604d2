import { createInterface } from "node:readline";
import type { EngineRun, LocalStack } from "../cli/engine/local-stack";
import type { Interruption } from "../rehearsal/process/interruption";
import { isLive, print } from "./narration";

/** Runs a command of the engine and shows it: live in a terminal, else as plain lines. */
export function showEngine(
  stack: LocalStack,
  command: readonly string[],
  interruption: Interruption,
): Promise<EngineRun> {
  const words = [...stack.words(command), "--suppress-outputs"];
  return isLive() ? live(stack, words, interruption) : plain(stack, words, interruption);
}

/** The terminal is the engine's own for as long as it runs. */
function live(stack: LocalStack, words: readonly string[], interruption: Interruption): Promise<EngineRun> {
  const interactive = words.filter((word) => word !== "--non-interactive");
  return interruption.untilEnd(stack.start(interactive, "inherit"));
}

async function plain(stack: LocalStack, words: readonly string[], interruption: Interruption): Promise<EngineRun> {
  const plainly = [...words, "--suppress-progress", "--color", "never"];
  const started = stack.start(plainly, ["ignore", "pipe", "pipe"]);
  const shown = new ShownLines();
  if (started.child.stdout !== null) {
    createInterface({ input: started.child.stdout }).on("line", (line) => {
      if (shown.shows(line)) print(line);
    });
  }
  const run = await interruption.untilEnd(started);
  // A failure is shown whole: what was left out may be what matters.
  if (run.code !== 0) print(`\n${run.stdout}${run.stderr}`);
  return run;
}

/**
 * Filters the engine's plain output for reading as a page: keeps one row per resource of the tenant and all messages. Drops blank
 * lines and the progress rows that a terminal would redraw in place.
 */
export class ShownLines {
  #inRows = true;

  /** @returns whether to show this line, the next one of the engine's output */
  shows(line: string): boolean {
    if (/^(Diagnostics|Resources|Outputs):/.test(line)) this.#inRows = false;
    if (line.trim() === "") return false;
    return !this.#inRows || isHeading(line) || isSettledRow(line);
  }
}

function isHeading(line: string): boolean {
  return /^\w.*:$/.test(line);
}

/** ` +  pulumi-nodejs:dynamic/licensing:GroupLicense finance created (0.1s)`, and the like of a preview without the time. */
function isSettledRow(line: string): boolean {
  return /^ [-+~]+ +\S*dynamic\/licensing:\w+ \S+ (created|updated|deleted|create|update|delete)( |$)/.test(line);
}
