import type { EngineRun, LocalStack } from "../../tools/local-stack";
import { engineErrors } from "../../tools/plan/engine-errors";

/** So many runs may end early one after the other before it is no use. */
const MOST_RUNS = 5;

export interface Ups {
  readonly runs: number;
  readonly isThrough: boolean;
  readonly halts: readonly string[];
}

export interface Surroundings {
  readonly environment: () => NodeJS.ProcessEnv;
  /** How many writes the tenant has seen. */
  readonly writes: () => number;
  readonly throwIfInterrupted: () => void;
}

/** Runs `up` as an operator does: once more after a halt, as the halt itself says. A run that is refused, and changed nothing, is not repeated. */
export async function runUp(stack: LocalStack, around: Surroundings): Promise<Ups> {
  const halts: string[] = [];
  for (let runs = 1; ; runs += 1) {
    const before = around.writes();
    const run = await stack.run(["up", "--yes", "--skip-preview"], around.environment());
    around.throwIfInterrupted();
    if (run.code === 0) return { runs, isThrough: true, halts };
    halts.push(whyEnded(run));
    if (runs === MOST_RUNS || around.writes() === before) return { runs, isThrough: false, halts };
  }
}

/** How the engine begins what a resource says. */
const COUNTED = /^\d+ errors? occurred:\n/;

function whyEnded({ code, stdout, stderr }: EngineRun): string {
  const errors = engineErrors(`${stdout}\n${stderr}`).map((error) => error.replace(COUNTED, "").replace(/^\* /gm, ""));
  return errors.length > 0 ? errors.join("\n") : `The engine ended with ${code ?? "a signal"}.`;
}
