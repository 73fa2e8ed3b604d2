import type { Guid } from "../model";

/**
 * The ids of a group's licence names as of the last time this stack assigned them. Microsoft renames and retires
 * SKUs and plans; the recorded id tells an outdated name from a misspelt one. Names are in lower case.
 */
export interface RecordedNames {
  readonly skus: Readonly<Record<string, Guid>>;
  /** By skuId, then by name. */
  readonly plans: Readonly<Record<Guid, Readonly<Record<string, Guid>>>>;
}

export const NO_NAMES: RecordedNames = { skus: {}, plans: {} };

/** Merges the recorded names of several groups; later ones win. */
export function mergedNames(all: Iterable<RecordedNames>): RecordedNames {
  const skus: Record<string, Guid> = {};
  const plans: Record<Guid, Readonly<Record<string, Guid>>> = {};
  for (const names of all) {
    Object.assign(skus, names.skus);
    for (const [skuId, byName] of Object.entries(names.plans)) plans[skuId] = { ...plans[skuId], ...byName };
  }
  return { skus, plans };
}

/** Compares without regard to key order, because the engine may reorder keys. */
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
