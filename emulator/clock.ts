import { Agenda } from "./agenda";

/** The tenant's clock: the wall clock, or one that stands still until a test moves it. It also runs scheduled work. */

export interface Clock {
  now(): Date;
  /** Moves the clock and runs all background work that is due by then, in order of due time. */
  advance(ms: number): void;
}

export class TenantClock implements Clock {
  readonly #tasks = new Agenda<() => void>();
  #manualMs: number | undefined;
  #offsetMs = 0;
  /** The due time of the running task: its changes carry that time. */
  #taskMs: number | undefined;

  constructor(kind: "real" | "manual", startAt?: Date) {
    if (kind === "manual") this.#manualMs = (startAt ?? new Date("2026-11-02T08:00:00Z")).getTime();
    else if (startAt) this.#offsetMs = startAt.getTime() - Date.now();
  }

  nowMs(): number {
    return this.#taskMs ?? this.#outsideMs();
  }

  now(): Date {
    return new Date(this.nowMs());
  }

  advance(ms: number): void {
    if (this.#manualMs === undefined) this.#offsetMs += ms;
    else this.#manualMs += ms;
    this.catchUp();
  }

  after(delayMs: number, run: () => void): void {
    this.#tasks.add(this.nowMs() + delayMs, run);
  }

  /** Runs all tasks that are due by now, including tasks that they add. */
  catchUp(): void {
    if (this.#taskMs !== undefined) return;
    const until = this.#outsideMs();
    for (let task = this.#tasks.next(until); task !== undefined; task = this.#tasks.next(until)) {
      this.#taskMs = task.due;
      try {
        task.what();
      } finally {
        this.#taskMs = undefined;
      }
    }
  }

  /** Number of scheduled background tasks. */
  get pending(): number {
    return this.#tasks.size;
  }

  forgetTasks(): void {
    this.#tasks.clear();
  }

  #outsideMs(): number {
    return this.#manualMs ?? Date.now() + this.#offsetMs;
  }
}
