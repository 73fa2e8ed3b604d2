import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

type Config = Readonly<Record<string, unknown>>;

interface UpdatePlan {
  readonly config?: Config;
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
  readonly steps?: readonly string[];
}

/**
 * Lists in words where two saved engine plans differ, such as `wave everyone, part 1: members in error`. Checked before the run,
 * because `up --plan` would refuse only in its middle, with a message that prints every id.
 */
export function rowsThatDiffer(reviewedFile: string, nowFile: string): readonly string[] {
  const reviewed = read(reviewedFile);
  const now = read(nowFile);
  const rows = new Set([...Object.keys(reviewed.resourcePlans ?? {}), ...Object.keys(now.resourcePlans ?? {})]);
  const differing = [...rows].filter((urn) => !isSame(reviewed.resourcePlans?.[urn], now.resourcePlans?.[urn]));
  return [
    ...keysThatDiffer(reviewed.config ?? {}, now.config ?? {}),
    ...differing.map((urn) => formatRow(urn, reviewed.resourcePlans?.[urn], now.resourcePlans?.[urn])).sort(),
  ];
}

function keysThatDiffer(was: Config, is: Config): readonly string[] {
  const keys = Object.keys({ ...was, ...is }).filter((key) => !isDeepStrictEqual(was[key], is[key]));
  return keys.sort().map((key) => {
    const how = !(key in was) ? "is new" : !(key in is) ? "is gone" : "has another value";
    return `the stack file: \`${key}\` ${how}`;
  });
}

function formatRow(urn: string, one: ResourcePlan | undefined, other: ResourcePlan | undefined): string {
  const row = formatUrn(urn);
  if (one === undefined) return `${row}: not in the plan that was reviewed`;
  if (other === undefined) return `${row}: in the reviewed plan, and no longer`;
  const inputs = [...new Set(inputsThatDiffer(one, other).map((input) => WORDS[input] ?? input.replace(/^__/, "")))];
  if (inputs.length > 0) return `${row}: other values in ${inputs.sort().join(", ")}`;
  if (isDeepStrictEqual(one.steps, other.steps)) return `${row}: what it waits for`;
  return `${row}: the plan was to ${formatSteps(one)}, and now is to ${formatSteps(other)}`;
}

/** A row by what a reviewer knows it as: `everyone-1` of the removals is the first part of the wave `everyone`. */
function formatUrn(urn: string): string {
  const [name = urn, type = ""] = urn.split("::").reverse();
  const kind = type.split(/[:$]/).at(-1) ?? "";
  const [, wave, part] = /^(.+)-(\d+)$/.exec(name) ?? [];
  if (kind === "DirectLicenseRemoval" && wave !== undefined) return `wave ${wave}, part ${part ?? ""}`;
  return { GroupLicense: `group ${name}`, LicenseWave: `wave ${name}` }[kind] ?? ROWS[kind] ?? name;
}

const ROWS: Readonly<Record<string, string>> = {
  VerifiedInheritance: "the verification of every member",
  DirectLicenseBaseline: "the record of direct licences",
  DirectLicenseDebts: "the licences that users are owed",
  ReleaseCheck: "the check before a destroy",
};

function formatSteps({ steps = [] }: ResourcePlan): string {
  const done = steps.map((step) => STEPS[step] ?? step);
  return done.length === 0 ? "leave it as it is" : done.join(" and ");
}

const STEPS: Readonly<Record<string, string>> = {
  same: "leave it as it is",
  create: "add it",
  update: "change it",
  delete: "take it away",
};

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
