/** Time as the rest of this folder sees it, so that a test can bring its own. */
export interface Pauses {
  /** Milliseconds since 1970. */
  now(): number;
  /** Returns after `ms`, or at once when the signal says to stop. Never throws. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

export const REAL_PAUSES: Pauses = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done);
    }),
};
