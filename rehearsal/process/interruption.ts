/** Somebody pressed Ctrl-C. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor() {
    super("Stopped before the end. The copy and everything that was made of it are gone from this machine.");
  }
}

/**
 * Takes note of Ctrl-C instead of dying of it, so that nothing of the tenant is left on the disk. The engine hears it by itself, and ends
 * what it has in hand.
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
