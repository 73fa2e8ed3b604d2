/** The own properties that are called to go through a collection, of maps, sets and arrays alike. */
const iterators = [new Map().values(), new Set().values(), [][Symbol.iterator]()].map(
  (each) => Object.getPrototypeOf(each) as Record<string, (...given: unknown[]) => unknown>,
);

/** Methods that go through a whole array, or move all of it. */
const sweeps = ["filter", "find", "findLastIndex", "flatMap", "forEach", "includes", "map", "reduce", "shift", "some"];

/**
 * How many elements of maps, sets and arrays a piece of work goes through: what a clock would show as time, without a clock. Includes
 * what Node's own client looks at, which is the same for any tenant.
 */
export async function elementsLookedAt(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const arrays = Array.prototype as unknown as Record<string, (...given: unknown[]) => unknown>;
  const restores = [
    ...iterators.map((iterator) => replace(iterator, "next", () => 1)),
    ...sweeps.map((name) => replace(arrays, name, (array) => (array as unknown[]).length)),
  ];
  try {
    await work();
  } finally {
    for (const restore of restores) restore();
  }
  return count;

  function replace(
    holder: Record<string, (...given: unknown[]) => unknown>,
    name: string,
    elements: (self: unknown) => number,
  ): () => void {
    const original = holder[name];
    if (original === undefined) throw new Error(`there is no ${name}`);
    const replacement = function (this: unknown, ...given: unknown[]): unknown {
      count += elements(this);
      return Reflect.apply(original, this, given);
    };
    Object.defineProperty(holder, name, { value: replacement, configurable: true, writable: true });
    return () => Object.defineProperty(holder, name, { value: original, configurable: true, writable: true });
  }
}
