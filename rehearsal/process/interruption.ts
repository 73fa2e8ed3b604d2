import { EXIT } from "../../cli/exit-codes";

/** A signal asked to end early. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  readonly exitCode = EXIT.stopped;

  constructor(readonly signal: NodeJS.Signals) {
    super(`Stopped before the end (${signal}).`);
  }
}

interface Started<Run> {
  readonly child: { kill(signal: NodeJS.Signals): boolean };
  readonly ended: Promise<Run>;
}

/**
 * Records Ctrl-C and its relatives instead of exiting at once, so that the engine finishes its current operation and the
 * tenant's data is deleted from the disk.
 */
export class Interruption {
  #signal: NodeJS.Signals | null = null;
  #passOn: (signal: NodeJS.Signals) => void = () => undefined;

  constructor() {
    // The terminal sends Ctrl-C to the engine, too.
    process.on("SIGINT", (signal) => (this.#signal ??= signal));
    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (this.#signal === null) this.#passOn(signal);
        this.#signal ??= signal;
      });
    }
    // The reader has gone, as in `npm run demo | head`.
    process.stdout.on("error", () => (this.#signal ??= "SIGPIPE"));
  }

  /**
   * Waits for the end of an engine's run, and forwards to it the signals that reach only this process.
   *
   * @throws Interrupted after a signal
   */
  async untilEnd<Run>({ child, ended }: Started<Run>): Promise<Run> {
    this.#passOn = (signal) => void child.kill(signal);
    const run = await ended;
    this.throwIfAny();
    return run;
  }

  throwIfAny(): void {
    if (this.#signal !== null) throw new Interrupted(this.#signal);
  }
}
