import type { Guid } from "./entities";

/** A set of ids in insertion order, with a list that is cached until the next change. */
export class IdSet {
  readonly #ids = new Set<Guid>();
  #list: readonly Guid[] | undefined;

  get size(): number {
    return this.#ids.size;
  }

  has(id: Guid): boolean {
    return this.#ids.has(id);
  }

  add(id: Guid): void {
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    this.#list = undefined;
  }

  delete(id: Guid): void {
    if (this.#ids.delete(id)) this.#list = undefined;
  }

  list(): readonly Guid[] {
    return (this.#list ??= [...this.#ids]);
  }
}
