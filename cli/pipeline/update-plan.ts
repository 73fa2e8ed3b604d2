import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

interface UpdatePlan {
  readonly config?: unknown;
  readonly resourcePlans?: Readonly<Record<string, ResourcePlan>>;
}

interface InputDiff {
  readonly adds?: Readonly<Record<string, unknown>>;
  readonly updates?: Readonly<Record<string, unknown>>;
  readonly deletes?: readonly string[];
}

interface ResourcePlan {
  readonly goal?: {
    readonly inputDiff?: InputDiff;
    readonly dependencies?: readonly string[];
    readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  };
  readonly steps?: unknown;
}

/**
 * Lists the rows in which two saved engine plans differ, such as `everyone-1 (members in error)`. Checked before the run, because
 * `up --plan` would refuse only in its middle, with a message that prints every id.
 */
export function rowsThatDiffer(reviewedFile: string, nowFile: string): readonly string[] {
  const reviewed = read(reviewedFile);
  const now = read(nowFile);
  const rows = new Set([...Object.keys(reviewed.resourcePlans ?? {}), ...Object.keys(now.resourcePlans ?? {})]);
  const differing = [...rows].filter((urn) => !isSame(reviewed.resourcePlans?.[urn], now.resourcePlans?.[urn]));
  return [
    ...(isDeepStrictEqual(reviewed.config, now.config) ? [] : ["the stack file"]),
    ...differing.map((urn) => formatRow(urn, reviewed.resourcePlans?.[urn], now.resourcePlans?.[urn])).sort(),
  ];
}

function formatRow(urn: string, one: ResourcePlan | undefined, other: ResourcePlan | undefined): string {
  const name = urn.split("::").at(-1) ?? urn;
  const inputs = [...new Set(inputsThatDiffer(one, other).map((input) => WORDS[input] ?? input.replace(/^__/, "")))];
  return inputs.length === 0 ? name : `${name} (${inputs.sort().join(", ")})`;
}

function inputsThatDiffer(one: ResourcePlan | undefined, other: ResourcePlan | undefined): readonly string[] {
  const valuesOf = ({ adds, updates, deletes = [] }: InputDiff): Readonly<Record<string, unknown>> => ({
    ...Object.fromEntries(deletes.map((input) => [input, null])),
    ...adds,
    ...updates,
  });
  const [was, is] = [valuesOf(one?.goal?.inputDiff ?? {}), valuesOf(other?.goal?.inputDiff ?? {})];
  return Object.keys({ ...was, ...is }).filter((input) => !isDeepStrictEqual(was[input], is[input]));
}

/** Labels of inputs that the readable plan does not show. */
const WORDS: Readonly<Record<string, string>> = {
  __inError: "members in error",
  __nested: "users of nested groups",
  users: "the users that the waves move, in order",
  order: "the users that the waves move, in order",
  after: "the users that the waves move, in order",
  patterns: "the plans that are off in direct licences",
};

/** Compares without the random seed and without the order of dependencies, which differ between equal plans. */
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
