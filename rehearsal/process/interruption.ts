/** The user pressed Ctrl-C, or the process was asked to terminate. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("Stopped before the end. The copy and everything that was made of it are gone from this machine.");
  }
}

/**
 * Records Ctrl-C instead of exiting at once, so that the tenant's data can be deleted from the disk. The engine gets the same
 * signal and finishes its current operation.
 */
export function heedInterruption(): { throwIfInterrupted(): void } {
  let isAsked = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => (isAsked = true));
  return {
    throwIfInterrupted: () => {
      if (isAsked) throw new Interrupted();
    },
  };
}
