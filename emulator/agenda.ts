interface Entry<T> {
  readonly due: number;
  readonly order: number;
  readonly what: T;
}

/**
 * Tasks ordered by due time, then by order of arrival. A binary heap, because 100,000 users joining a group make as many entries,
 * and each insertion and removal must stay cheap.
 */
export class Agenda<T> {
  readonly #heap: Entry<T>[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  add(due: number, what: T): void {
    const entry = { due, order: this.#order++, what };
    let at = this.#heap.length;
    for (; at > 0; at = parentOf(at)) {
      const parent = this.#at(parentOf(at));
      if (!isBefore(entry, parent)) break;
      this.#heap[at] = parent;
    }
    this.#heap[at] = entry;
  }

  /** Removes and returns the earliest task that is due by `until`. */
  next(until: number): { readonly due: number; readonly what: T } | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.due > until) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return first;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  /** Fills the empty root: moves the earlier child up at each level until the entry fits. */
  #sink(entry: Entry<T>): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && isBefore(this.#at(child + 1), this.#at(child))) child += 1;
      if (!isBefore(this.#at(child), entry)) break;
      this.#heap[at] = this.#at(child);
      at = child;
    }
    this.#heap[at] = entry;
  }

  #at(index: number): Entry<T> {
    const entry = this.#heap[index];
    if (entry === undefined) throw new Error(`the agenda has no entry ${index}`);
    return entry;
  }
}

const parentOf = (index: number) => (index - 1) >> 1;

const isBefore = (a: Entry<unknown>, b: Entry<unknown>) => a.due < b.due || (a.due === b.due && a.order < b.order);
