/** Time in the tenant: the wall clock, or one that stands still until a test moves it; and the work that is due at a time. */

export interface Clock {
  now(): Date;
  /** Moves time on and does all background work due until then, in the order of its due time. */
  advance(ms: number): void;
}

interface Task {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
}

export class TenantClock implements Clock {
  readonly #tasks: Task[] = [];
  #order = 0;
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
    const task: Task = { due: this.nowMs() + delayMs, order: this.#order++, run };
    // Most tasks are due after all the others: look from the end.
    const before = this.#tasks.findLastIndex((other) => other.due <= task.due);
    this.#tasks.splice(before + 1, 0, task);
  }

  /** Does what is due by now. A task may add others, which run as well when they are due. */
  catchUp(): void {
    if (this.#taskMs !== undefined) return;
    const until = this.#outsideMs();
    for (let task = this.#tasks[0]; task !== undefined && task.due <= until; task = this.#tasks[0]) {
      this.#tasks.shift();
      this.#taskMs = task.due;
      try {
        task.run();
      } finally {
        this.#taskMs = undefined;
      }
    }
  }

  /** Whether background work is still to come. */
  get pending(): number {
    return this.#tasks.length;
  }

  forgetTasks(): void {
    this.#tasks.length = 0;
  }

  #outsideMs(): number {
    return this.#manualMs ?? Date.now() + this.#offsetMs;
  }
}
