/** A value as it comes back from the engine, out of the state or by way of inputs: JSON, with the properties of each object in order of their names. */
export function keptByEngine<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_name, each: unknown) => sorted(each)) as T;
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
