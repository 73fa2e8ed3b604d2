type Methods = Record<string, (this: unknown, ...given: unknown[]) => unknown>;

const arrays = Array.prototype as unknown as Methods;
const maps = Map.prototype as unknown as Methods;
const sets = Set.prototype as unknown as Methods;
const objects = Object as unknown as Methods;

/** The own properties that are called to go through a collection, of maps, sets and arrays alike. */
const iterators = [new Map().values(), new Set().values(), [][Symbol.iterator]()].map(
  (each) => Object.getPrototypeOf(each) as Methods,
);

/** Methods that call back for each element: each call counts, and of a sort each comparison. */
const calling = [
  ...["every", "filter", "find", "findIndex", "findLast", "findLastIndex", "flatMap", "forEach", "map"],
  ...["reduce", "reduceRight", "some", "sort"],
];

/** Methods that go through a whole array, or move all of it, without a callback. */
const whole = ["includes", "indexOf", "join", "lastIndexOf", "reverse", "shift", "splice", "unshift"];

/** Methods that make a new array: what they look at is what is in it. */
const making = ["concat", "flat", "slice"];

/**
 * How many elements of maps, sets and arrays a piece of work goes through: what a clock would show as time, without a clock, and the
 * same whenever it is asked. It does not see loops over an index, nor what is done to one element. Includes what Node's own client
 * looks at where the work is a request, which is the same for any tenant.
 */
export async function elementsLookedAt(work: () => unknown): Promise<number> {
  let count = 0;
  const restores = [
    ...iterators.map((iterator) => replace(iterator, "next", () => 1)),
    ...[...calling, ...whole].map((name) => replace(arrays, name, lengthOf)),
    ...[maps, sets].map((holder) => replace(holder, "forEach", () => 0)),
    ...making.map((name) => replace(arrays, name, (_, made) => lengthOf(made))),
    ...["entries", "keys", "values"].map((name) => replace(objects, name, (_, made) => lengthOf(made))),
  ];
  // What has been counted so far is the replacing itself.
  count = 0;
  let counted: number;
  try {
    await work();
  } finally {
    counted = count;
    for (const restore of restores) restore();
  }
  return counted;

  function replace(
    holder: Methods,
    name: string,
    /** Without a callback. */
    elements: (self: unknown, made: unknown) => number,
  ): () => void {
    const original = holder[name];
    if (original === undefined) throw new Error(`there is no ${name}`);
    // Nothing in here may go through an array the counted way.
    const replacement = function (this: unknown, ...given: unknown[]): unknown {
      const callback = given[0];
      if (typeof callback === "function") {
        given[0] = function (this: unknown, a: unknown, b: unknown, c: unknown, d: unknown): unknown {
          count += 1;
          return callback.call(this, a, b, c, d) as unknown;
        };
      }
      const made = Reflect.apply(original, this, given);
      if (typeof callback !== "function") count += elements(this, made);
      return made;
    };
    Object.defineProperty(holder, name, { value: replacement, configurable: true, writable: true });
    return () => Object.defineProperty(holder, name, { value: original, configurable: true, writable: true });
  }
}

function lengthOf(array: unknown): number {
  return (array as readonly unknown[]).length;
}
