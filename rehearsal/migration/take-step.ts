import type { EngineRun } from "../../cli/engine/local-stack";
import { engineErrors } from "../../cli/plan/engine-errors";
import type { Embedded } from "../embedded/open";
import { measuring, type Load } from "./load";
import type { MigrationStep } from "./steps";

/** Final refusals: the write had no effect and would be refused again. */
const REFUSED: ReadonlySet<number> = new Set([400, 403]);

/** Number of halted runs in a row before the step is given up. */
const MOST_RUNS = 5;

/** Runs the engine once and waits for its end. */
export type RunEngine = (command: readonly string[]) => Promise<EngineRun>;

export interface Runs {
  readonly runs: number;
  /** True if the step completed. */
  readonly isThrough: boolean;
  /** The engine's message for each run that ended early. */
  readonly halts: readonly string[];
}

/** Takes one step of a migration in the embedded tenant, and measures the load that it puts on Graph. */
export async function takeStep(
  { changes, command }: MigrationStep,
  { emulator, configure }: Pick<Embedded, "emulator" | "configure">,
  run: RunEngine,
): Promise<Runs & { readonly load: Load }> {
  configure(changes);
  const load = measuring(emulator);
  const runs = await runThrough(command, run, () => emulator.requests.writes());
  return { ...runs, load: load() };
}

/**
 * Runs a command as an operator would: again after a halt, as the halt's message asks. A run that was refused and changed nothing
 * is not repeated.
 *
 * @param writes the responses to all writes that the tenant has received
 */
export async function runThrough(
  command: readonly string[],
  runEngine: RunEngine,
  writes: () => readonly { readonly status: number }[],
): Promise<Runs> {
  const halts: string[] = [];
  const changes = () => writes().filter(({ status }) => !REFUSED.has(status)).length;
  for (let runs = 1; ; runs += 1) {
    const before = changes();
    const run = await runEngine(command);
    if (run.code === 0) return { runs, isThrough: true, halts };
    halts.push(whyEnded(run));
    if (runs === MOST_RUNS || changes() === before) return { runs, isThrough: false, halts };
  }
}

/** The engine's prefix of a resource's error message. */
const COUNTED = /^\d+ errors? occurred:\n/;

function whyEnded({ code, stdout, stderr }: EngineRun): string {
  const errors = engineErrors(`${stdout}\n${stderr}`).map((error) => error.replace(COUNTED, "").replace(/^\* /gm, ""));
  return errors.length > 0 ? errors.join("\n") : `The engine ended with ${code ?? "a signal"}.`;
}
