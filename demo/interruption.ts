import { constants } from "node:os";

/** A signal asked the demo to end early. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor(readonly signal: NodeJS.Signals) {
    super(`stopped by ${signal}`);
  }

  /** As a shell counts it. */
  get exitCode(): number {
    return 128 + constants.signals[this.signal];
  }
}

/**
 * Takes note of Ctrl-C and its relatives instead of dying of them, so that the engine can end what it has in hand and
 * the demo can clear up. Ctrl-C reaches the engine without us: the terminal sends it to both.
 */
export class Interruption {
  #signal: NodeJS.Signals | null = null;
  #passOn: (signal: NodeJS.Signals) => void = () => undefined;

  constructor() {
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

  /** Forwards signals that reach only this process to `child`. */
  passOnTo(child: { kill(signal: NodeJS.Signals): boolean }): void {
    this.#passOn = (signal) => void child.kill(signal);
  }

  throwIfAny(): void {
    if (this.#signal !== null) throw new Interrupted(this.#signal);
  }
}
