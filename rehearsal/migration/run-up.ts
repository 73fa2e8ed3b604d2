import type { EngineRun, LocalStack } from "../../cli/engine/local-stack";
import { engineErrors } from "../../cli/plan/engine-errors";

/** Final refusals: the write had no effect and would be refused again. */
const REFUSED: ReadonlySet<number> = new Set([400, 403]);

/** Number of halted runs in a row before the step is given up. */
const MOST_RUNS = 5;

export interface Ups {
  readonly runs: number;
  readonly isThrough: boolean;
  readonly halts: readonly string[];
}

export interface Surroundings {
  readonly environment: () => NodeJS.ProcessEnv;
  /** The responses to all writes that the tenant has received. */
  readonly writes: () => readonly { readonly status: number }[];
  readonly throwIfInterrupted: () => void;
}

/**
 * Runs `up` as an operator would: again after a halt, as the halt's message asks. A run that was refused and changed nothing is
 * not repeated.
 */
export async function runUp(stack: Pick<LocalStack, "run">, around: Surroundings): Promise<Ups> {
  const halts: string[] = [];
  const changes = () => around.writes().filter(({ status }) => !REFUSED.has(status)).length;
  for (let runs = 1; ; runs += 1) {
    const before = changes();
    const run = await stack.run(["up", "--yes", "--skip-preview"], around.environment());
    around.throwIfInterrupted();
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
