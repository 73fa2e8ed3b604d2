/** Counts by name, such as `{EMS: 25, ENTERPRISEPACK: 5}`. Names with a count of zero are absent. */
export type CountsByName = Readonly<Record<string, number>>;

/** Counts the names, most frequent first, so that the most important ones are read first. */
export function countByName(words: Iterable<string>): CountsByName {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || a.localeCompare(b)));
}

export function addCounts(tallies: Iterable<CountsByName>): CountsByName {
  const sum = new Map<string, number>();
  for (const each of tallies) {
    for (const [word, count] of Object.entries(each)) sum.set(word, (sum.get(word) ?? 0) + count);
  }
  return Object.fromEntries([...sum].filter(([, count]) => count !== 0));
}

export function negated(counts: CountsByName): CountsByName {
  return Object.fromEntries(Object.entries(counts).map(([word, count]) => [word, -count]));
}

export function total(counts: CountsByName): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** `25 EMS, 5 ENTERPRISEPACK`. */
export function formatCounts(counts: CountsByName): string {
  return Object.entries(counts)
    .map(([word, count]) => `${thousands(count)} ${word}`)
    .join(", ");
}

/** `1,200` in every locale, so that output does not depend on the machine. No `Intl`: its first use takes as long as a small plan. */
export function thousands(count: number): string {
  const [whole = "", fraction] = String(count).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction.slice(0, 3)}`;
}

/** `1 user`, `1,200 users`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}
