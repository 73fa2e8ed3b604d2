import { createInterface } from "node:readline";
import type { LocalStack } from "../cli/engine/local-stack";
import type { Interruption } from "./interruption";
import { print } from "./narration";
import { ShownLines } from "./shown-lines";

/** The engine said no or broke, or took Ctrl-C itself as it does in a terminal; what it said has been shown. */
export class EngineFailed extends Error {
  override readonly name = "EngineFailed";
}

/** Runs a command of the engine and shows it: live in a terminal, else as plain lines. */
export async function showEngine(
  stack: LocalStack,
  command: readonly string[],
  interruption: Interruption,
): Promise<void> {
  const words = [...stack.words(command), "--suppress-outputs"];
  const code = process.stdout.isTTY ? await live(stack, words, interruption) : await plain(stack, words, interruption);
  interruption.throwIfAny();
  if (code !== 0) throw new EngineFailed(`The engine ended with ${code ?? "a signal"}, and so the demo ends here.`);
}

/** The terminal is the engine's own for as long as it runs. */
async function live(stack: LocalStack, words: readonly string[], interruption: Interruption): Promise<number | null> {
  const interactive = words.filter((word) => word !== "--non-interactive");
  const { child, ended } = stack.start(interactive, "inherit");
  interruption.passOnTo(child);
  return (await ended).code;
}

async function plain(stack: LocalStack, words: readonly string[], interruption: Interruption): Promise<number | null> {
  const { child, ended } = stack.start(
    [...words, "--suppress-progress", "--color", "never"],
    ["ignore", "pipe", "pipe"],
  );
  interruption.passOnTo(child);
  const shown = new ShownLines();
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (shown.shows(line)) print(line);
    });
  }
  const { code, stdout, stderr } = await ended;
  // A failure is shown whole: what was left out may be what matters.
  if (code !== 0) print(`\n${stdout}${stderr}`);
  return code;
}
