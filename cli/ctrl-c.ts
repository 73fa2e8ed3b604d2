/** The terminal and npm may both report one press of Ctrl-C; a person needs longer for the second one. */
const ONE_PRESS_MS = 200;

/** Ctrl-C while a run lasts: this process goes on, and what it runs is told once for each press. */
export interface CtrlC {
  readonly isPressed: boolean;
  /** @returns the way to stop listening */
  onPress(listener: () => void): () => void;
}

export const NEVER_PRESSED: CtrlC = { isPressed: false, onPress: () => () => undefined };

/** Keeps Ctrl-C from ending this process for as long as the work takes. */
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
