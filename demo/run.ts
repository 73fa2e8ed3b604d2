import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageRoot } from "../cli/engine/project-root";
import { EXIT } from "../cli/exit-codes";
import type { StackConfig } from "../rehearsal/copy/stack-config";
import { openEmbedded, type Embedded } from "../rehearsal/embedded/open";
import { takeStep } from "../rehearsal/migration/take-step";
import { Interrupted, Interruption } from "../rehearsal/process/interruption";
import { showEngine } from "./engine";
import { countLicenses, figuresOf } from "./figures";
import { narrateOn, print } from "./narration";
import { STEPS, type DemoStep } from "./steps";
import { announce, clearedUp, conclude, introduce, showLoad, STACK_FILE } from "./story";

/** A step did not come to its end; what the engine said has been shown. */
class StepFailed extends Error {
  override readonly name = "StepFailed";
}

export interface DemoOptions {
  readonly json: boolean;
}

/**
 * A narrated rehearsal: the whole way from direct to inherited licences, by the real engine, in a tenant that lives on this machine
 * for as long as the demo does. Sets the exit code.
 */
export async function runDemo({ json }: DemoOptions): Promise<void> {
  if (json) narrateOn(process.stderr);
  const startedMs = Date.now();
  const interruption = new Interruption();
  const embedded = await openEmbedded({ stack: "demo", config: demoConfig() });
  introduce(embedded);
  try {
    process.exitCode = (await play(embedded, interruption, json)) ? EXIT.done : EXIT.failed;
  } catch (error) {
    process.exitCode = explain(error);
  } finally {
    await embedded.close();
    clearedUp(embedded.folder, Date.now() - startedMs);
  }
}

/** The committed stack file. */
function demoConfig(): StackConfig {
  const { config } = parse(readFileSync(join(packageRoot, STACK_FILE), "utf8")) as { readonly config: StackConfig };
  return config;
}

/** @returns true if no user lost a service and all other figures are as expected */
async function play(embedded: Embedded, interruption: Interruption, json: boolean): Promise<boolean> {
  const before = countLicenses(embedded.emulator);
  for (const step of STEPS) {
    interruption.throwIfAny();
    await show(step, embedded, interruption);
  }
  const figures = figuresOf(embedded.emulator, before);
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  return conclude(figures);
}

async function show(step: DemoStep, embedded: Embedded, interruption: Interruption): Promise<void> {
  announce(step);
  const { isThrough, load } = await takeStep(step, embedded, (command) =>
    showEngine(embedded.stack, command, interruption),
  );
  showLoad(load);
  if (!isThrough) throw new StepFailed(`The step "${step.title}" did not come to its end, and so the demo ends here.`);
  if (step.command[0] === "preview" && load.writes > 0)
    throw new StepFailed(`"${step.title}" may only read, and wrote ${load.writes} times.`);
}

/** @returns the exit code */
function explain(error: unknown): number {
  if (error instanceof Interrupted) {
    print(`\n${error.message}`);
    return error.exitCode;
  }
  if (error instanceof StepFailed) print(`\n${error.message}`);
  else print(`\nThe demo failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT.failed;
}
