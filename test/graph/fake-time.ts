import type { Pauses } from "../../graph/pauses";

/** Time that passes only while somebody waits; remembers each wait. */
export class FakeTime implements Pauses {
  readonly sleeps: number[] = [];
  private at = Date.parse("2026-03-01T12:00:00Z");

  now(): number {
    return this.at;
  }

  sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    this.sleeps.push(ms);
    if (!signal?.aborted) this.at += ms;
    return Promise.resolve();
  }
}
