import type { Guid } from "../model";

/**
 * The ids that the names of a group's licences stood for when this stack last gave them. Microsoft renames and retires plans and
 * SKUs; by the id, a name that no longer fits is told from a misspelt one. Keys are names in lower case.
 */
export interface RecordedNames {
  readonly skus: Readonly<Record<string, Guid>>;
  /** By skuId, then by name. */
  readonly plans: Readonly<Record<Guid, Readonly<Record<string, Guid>>>>;
}

export const NO_NAMES: RecordedNames = { skus: {}, plans: {} };

/** What is on record for several groups, together. */
export function mergedNames(all: Iterable<RecordedNames>): RecordedNames {
  const skus: Record<string, Guid> = {};
  const plans: Record<Guid, Readonly<Record<string, Guid>>> = {};
  for (const names of all) {
    Object.assign(skus, names.skus);
    for (const [skuId, byName] of Object.entries(names.plans)) plans[skuId] = { ...plans[skuId], ...byName };
  }
  return { skus, plans };
}

/** In whatever order the engine keeps the keys. */
export function sameNames(a: RecordedNames, b: RecordedNames): boolean {
  const rows = ({ skus, plans }: RecordedNames) =>
    [
      ...Object.entries(skus).map((pair) => pair.join(" ")),
      ...Object.entries(plans).flatMap(([skuId, byName]) =>
        Object.entries(byName).map((pair) => [skuId, ...pair].join(" ")),
      ),
    ]
      .sort()
      .join("\n");
  return rows(a) === rows(b);
}
