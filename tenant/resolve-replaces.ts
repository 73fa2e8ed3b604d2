import type { Catalog } from "../licensing/catalog/catalog";
import { NO_NAMES, type RecordedNames } from "../licensing/catalog/recorded-names";
import type { DeclaredGroup, Replaced } from "../licensing/declaration";
import type { Guid } from "../licensing/model";
import type { GroupSpec, StackFileMistake } from "../licensing/stack-file/stack-file";

/**
 * Resolves the SKUs that a group's licences replace. A SKU that has left the tenant is found by the id on record, so
 * that the file stays valid when the replaced subscription ends.
 */
export function allReplaced(
  { name, licenses }: GroupSpec,
  catalog: Catalog,
  known: RecordedNames,
  mistakes: StackFileMistake[],
): { readonly replaces?: readonly Replaced[] } {
  const given = licenses.map((license) => resolved(license.sku, catalog, known).skuId);
  const replaces = licenses.flatMap(({ replaces: words = [] }, at): Replaced[] => {
    const by = given[at] ?? null;
    const seen = new Set<Guid>();
    return words.flatMap((word, index): Replaced[] => {
      const complain = (message: string): [] => {
        mistakes.push({ path: `licensing:groups.${name}.licenses[${at}].replaces[${index}]`, message });
        return [];
      };
      const { skuId, problem } = resolved(word, catalog, known);
      if (skuId === null) return complain(problem);
      const sku = catalog.skuName(skuId);
      if (skuId === by) return complain(`${sku} is the licence itself: a SKU cannot replace itself`);
      if (given.includes(skuId)) {
        return complain(
          `${sku} is under licenses of this group, too: the group gives it, and its direct licences go as they are. Take it out of one of the two`,
        );
      }
      if (seen.has(skuId)) return complain(`${sku} is listed twice: keep one entry`);
      seen.add(skuId);
      return by === null ? [] : [{ skuId, by }];
    });
  });
  return replaces.length === 0 ? {} : { replaces };
}

/** Two SKUs that replace each other, in one group or in several: then no one could say which one shall stay. */
export function replacingInCircles(
  specs: readonly GroupSpec[],
  declared: readonly DeclaredGroup[],
  catalog: Catalog,
): readonly StackFileMistake[] {
  const instead = new Map<Guid, Set<Guid>>();
  for (const { skuId, by } of declared.flatMap(({ replaces = [] }) => replaces)) {
    instead.set(by, (instead.get(by) ?? new Set()).add(skuId));
  }
  const leadsTo = (from: Guid, to: Guid, seen = new Set<Guid>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...(instead.get(from) ?? [])].some((next) => leadsTo(next, to, seen));
  };
  return declared.flatMap(({ name, replaces = [] }) =>
    replaces
      .filter(({ skuId, by }) => leadsTo(skuId, by))
      .map(({ skuId, by }) => ({
        path: pathOf(name, skuId, by),
        message: `${catalog.skuName(by)} replaces ${catalog.skuName(skuId)} here, and is replaced by it in turn: say which one shall stay`,
      })),
  );

  function pathOf(name: string, skuId: Guid, by: Guid): string {
    const licenses = specs.find((spec) => spec.name === name)?.licenses ?? [];
    const idOf = (word: string) => resolved(word, catalog, NO_NAMES).skuId;
    const at = licenses.findIndex(({ sku }) => idOf(sku) === by);
    const index = licenses[at]?.replaces?.findIndex((word) => idOf(word) === skuId) ?? -1;
    return `licensing:groups.${name}.licenses${at < 0 || index < 0 ? "" : `[${at}].replaces[${index}]`}`;
  }
}

function resolved(
  word: string,
  catalog: Catalog,
  known: RecordedNames,
): { readonly skuId: Guid; readonly problem: "" } | { readonly skuId: null; readonly problem: string } {
  const lookup = catalog.resolve({ sku: word, disabledPlans: [] }, known);
  return "problem" in lookup ? { skuId: null, problem: lookup.problem } : { skuId: lookup.found.skuId, problem: "" };
}
