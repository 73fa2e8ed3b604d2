import { createEmulator, type Emulator } from "../emulator";
import { LocalStack } from "../cli/engine/local-stack";
import { EngineFailed, showEngine } from "./engine";
import { environmentFor } from "./environment";
import { countLicenses, figuresOf } from "./figures";
import { Interrupted, Interruption } from "./interruption";
import { print } from "./narration";
import { ownFolder } from "./own-folder";
import { counted } from "./request-count";
import { applyingThrough, demoConfig } from "./stack-file";
import { STEPS } from "./steps";
import { announce, clearedUp, conclude, introduce } from "./story";

/**
 * The whole way from direct to inherited licences, by the real engine, in a tenant that lives on this machine for as long as the
 * demo does. Sets the exit code.
 */
export async function runDemo(): Promise<void> {
  const startedMs = Date.now();
  const interruption = new Interruption();
  const folder = ownFolder();
  const emulator = await createEmulator();
  introduce(emulator, folder.path);
  try {
    process.exitCode = (await play(emulator, interruption)) ? 0 : 1;
  } catch (error) {
    process.exitCode = explain(error);
  } finally {
    await emulator.close();
    folder.remove();
    clearedUp(folder.path, Date.now() - startedMs);
  }
}

/** @returns true if no user lost a service and all other figures are as expected */
async function play(emulator: Emulator, interruption: Interruption): Promise<boolean> {
  const before = countLicenses(emulator);
  const stack = await LocalStack.create("demo", demoConfig(emulator.url), environmentFor(emulator));
  for (const step of STEPS) {
    interruption.throwIfAny();
    announce(step);
    stack.configure(applyingThrough(demoConfig(emulator.url), step.applyThrough));
    await counted(emulator, step, () => showEngine(stack, step.command, interruption));
  }
  return conclude(figuresOf(emulator, before));
}

/** @returns the exit code */
function explain(error: unknown): number {
  if (error instanceof Interrupted) {
    print(`\nStopped before the end (${error.signal}).`);
    return error.exitCode;
  }
  if (error instanceof EngineFailed) print(`\n${error.message}`);
  else print(`\nThe demo failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return 1;
}
