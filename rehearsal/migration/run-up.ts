import type { EngineRun, LocalStack } from "../../cli/engine/local-stack";
import { engineErrors } from "../../cli/plan/engine-errors";

/** A clear no: the write did nothing, and would be refused again. */
const REFUSED: ReadonlySet<number> = new Set([400, 403]);

/** So many runs may end early one after the other before it is no use. */
const MOST_RUNS = 5;

export interface Ups {
  readonly runs: number;
  readonly isThrough: boolean;
  readonly halts: readonly string[];
}

export interface Surroundings {
  readonly environment: () => NodeJS.ProcessEnv;
  /** The answers to the writes that the tenant has seen. */
  readonly writes: () => readonly { readonly status: number }[];
  readonly throwIfInterrupted: () => void;
}

/**
 * Runs `up` as an operator does: once more after a halt, as the halt itself says. A run that is refused, by this program or by Graph, and
 * changed nothing, is not repeated.
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

/** How the engine begins what a resource says. */
const COUNTED = /^\d+ errors? occurred:\n/;

function whyEnded({ code, stdout, stderr }: EngineRun): string {
  const errors = engineErrors(`${stdout}\n${stderr}`).map((error) => error.replace(COUNTED, "").replace(/^\* /gm, ""));
  return errors.length > 0 ? errors.join("\n") : `The engine ended with ${code ?? "a signal"}.`;
}
