import { Agenda } from "./agenda";

/** Time in the tenant: the wall clock, or one that stands still until a test moves it; and the work that is due at a time. */

export interface Clock {
  now(): Date;
  /** Moves time on and does all background work due until then, in the order of its due time. */
  advance(ms: number): void;
}

export class TenantClock implements Clock {
  readonly #tasks = new Agenda<() => void>();
  #manualMs: number | undefined;
  #offsetMs = 0;
  /** While a task runs, it is the moment that the task was due: what it writes bears that time. */
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

  /** Does what is due by now. A task may add others, which run as well when they are due. */
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

  /** Whether background work is still to come. */
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
