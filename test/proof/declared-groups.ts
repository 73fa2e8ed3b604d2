import type { ExistingGroupSpec } from "../../licensing/stack-file/stack-file";
import type { Case, ChangeCase, GroupCase, Leaving, LicenseCase } from "./case";
import { groupName, licensesOf, skuAt, skuName } from "./tenant-of";

/** The groups of the stack file as they are declared in a run; the number after the last one stands for all runs that follow. */
export function declaredGroups(all: Case, run: number): readonly ExistingGroupSpec[] {
  return all.groups.map((group, at) => {
    const { declares, replaces, gone, leaving } = declaredIn(all, group, at, run);
    return {
      name: `group-${at}`,
      existing: groupName(all, at),
      licenses: licensesOf(all, declares).map((license) => {
        const replaced = replacedBy(all, { declares, replaces }, license.sku);
        return replaced.length === 0 ? license : { ...license, replaces: replaced };
      }),
      ...(leaving === "unsaid" || gone.length === 0 ? {} : { [leaving]: gone }),
    };
  });
}

/** Whether the stack file has other groups in this run than in the one before. */
export function isChangedFor(all: Case, run: number): boolean {
  return run > 0 && all.changes.some((change) => runOf(all, change) === run);
}

/** Licences that a group gives by the stack file of any run. */
export function everDeclared(all: Case): readonly LicenseCase[] {
  return [...all.groups, ...all.changes].flatMap(({ declares }) => declares);
}

/** The run that a change comes before: any but the first. */
function runOf({ runs }: Case, { before }: ChangeCase): number {
  return 1 + (before % Math.max(1, runs.length));
}

interface Declared extends Pick<GroupCase, "declares" | "replaces"> {
  /** SKUs that the group gave by an earlier stack file. */
  readonly gone: readonly string[];
  readonly leaving: Leaving;
}

function declaredIn(all: Case, first: GroupCase, at: number, run: number): Declared {
  const changes = all.changes
    .filter((change) => change.group % all.groups.length === at && runOf(all, change) <= run)
    .sort((a, b) => runOf(all, a) - runOf(all, b));
  const last = changes.at(-1);
  if (last === undefined) return { ...first, gone: [], leaving: "unsaid" };
  const given = new Set(last.declares.map(({ sku }) => skuAt(all, sku)));
  const before = [first, ...changes]
    .flatMap(({ declares }) => declares)
    .filter(({ sku }) => !given.has(skuAt(all, sku)));
  return { ...last, gone: [...new Set(before.map(({ sku }) => skuName(all, sku)))] };
}

/**
 * A group's licence may replace a SKU that the group does not give; in no circle, so that only a SKU with a larger number
 * replaces one.
 */
function replacedBy(
  all: Case,
  { declares, replaces }: Pick<GroupCase, "declares" | "replaces">,
  by: string,
): readonly string[] {
  const given = declares.map(({ sku }) => skuAt(all, sku));
  const mine = replaces.filter((each) => {
    const sku = skuAt(all, each.sku);
    return skuName(all, each.by) === by && sku < skuAt(all, each.by) && !given.includes(sku);
  });
  return [...new Set(mine.map(({ sku }) => skuName(all, sku)))];
}
