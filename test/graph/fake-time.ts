import type { Pauses } from "../../graph/client/pauses";

/** Time that passes only during waits; remembers each wait. */
export class FakeTime implements Pauses {
  readonly sleeps: number[] = [];
  private at = Date.parse("2026-03-01T12:00:00Z");

  now(): number {
    return this.at;
  }

  sleep(ms: number): Promise<null> {
    this.sleeps.push(ms);
    this.at += ms;
    return Promise.resolve(null);
  }
}
