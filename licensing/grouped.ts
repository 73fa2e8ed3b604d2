/** Groups items by a key, in the order in which each key first appears. */
export function grouped<T>(things: Iterable<T>, wordOf: (thing: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const word = wordOf(thing);
    const group = groups.get(word);
    if (group === undefined) groups.set(word, [thing]);
    else group.push(thing);
  }
  return groups;
}
