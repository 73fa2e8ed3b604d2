/** The terminal and npm can both report one press of Ctrl-C. Signals closer together than this count as one press. */
const ONE_PRESS_MS = 200;

/** Ctrl-C during a run: this process continues, and each press reaches its child processes once. */
export interface CtrlC {
  readonly isPressed: boolean;
  /** @returns a function that removes the listener */
  onPress(listener: () => void): () => void;
}

export const NEVER_PRESSED: CtrlC = { isPressed: false, onPress: () => () => undefined };

/** Runs `work` while Ctrl-C does not end this process. */
export async function heedingCtrlC<T>(work: (ctrlC: CtrlC) => Promise<T>): Promise<T> {
  const listeners = new Set<() => void>();
  let pressedAtMs: number | null = null;
  const press = (): void => {
    const atMs = performance.now();
    const isSamePress = pressedAtMs !== null && atMs - pressedAtMs < ONE_PRESS_MS;
    pressedAtMs = atMs;
    if (!isSamePress) for (const listener of listeners) listener();
  };
  process.on("SIGINT", press);
  try {
    return await work({
      get isPressed() {
        return pressedAtMs !== null;
      },
      onPress: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    });
  } finally {
    process.off("SIGINT", press);
  }
}
