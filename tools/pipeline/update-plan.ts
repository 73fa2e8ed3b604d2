import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

interface UpdatePlan {
  readonly config?: unknown;
  readonly resourcePlans?: Readonly<Record<string, ResourcePlan>>;
}

interface ResourcePlan {
  readonly goal?: {
    readonly dependencies?: readonly string[];
    readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  };
  readonly steps?: unknown;
}

/**
 * Names of the rows in which two of the engine's saved plans differ: what `up --plan` would refuse in the middle of a run,
 * printing every id that it holds. Looked at before that, a plan is refused as a whole, in words, and nothing has begun.
 */
export function rowsThatDiffer(reviewedFile: string, nowFile: string): readonly string[] {
  const reviewed = read(reviewedFile);
  const now = read(nowFile);
  const rows = new Set([...Object.keys(reviewed.resourcePlans ?? {}), ...Object.keys(now.resourcePlans ?? {})]);
  const differing = [...rows].filter((urn) => !isSame(reviewed.resourcePlans?.[urn], now.resourcePlans?.[urn]));
  return [
    ...(isDeepStrictEqual(reviewed.config, now.config) ? [] : ["the stack file"]),
    ...differing.map((urn) => urn.split("::").at(-1) ?? urn).sort(),
  ];
}

/** The seed of a row's random values is another one each time, and says nothing; nor does the order of what it depends on. */
function isSame(one: ResourcePlan | undefined, other: ResourcePlan | undefined): boolean {
  return isDeepStrictEqual([inOrder(one?.goal), one?.steps], [inOrder(other?.goal), other?.steps]);
}

function inOrder(goal: ResourcePlan["goal"]): ResourcePlan["goal"] {
  if (goal === undefined) return undefined;
  const { dependencies = [], propertyDependencies = {}, ...rest } = goal;
  const byProperty = Object.entries(propertyDependencies).map(([name, urns]) => [name, [...urns].sort()] as const);
  return {
    ...rest,
    dependencies: [...dependencies].sort(),
    propertyDependencies: Object.fromEntries(byProperty),
  };
}

function read(file: string): UpdatePlan {
  return JSON.parse(readFileSync(file, "utf8")) as UpdatePlan;
}
