import facts from "./graph-v1.0.json";

/** One property in Graph's metadata. `select`: it comes with `$select` alone; `values`: what a text may be. */
export interface Property {
  readonly type: string;
  readonly nullable?: boolean;
  readonly select?: boolean;
  readonly filterOnly?: boolean;
  readonly values?: readonly string[];
}

interface TypeFacts {
  readonly base?: string;
  /** As the file says in its first line. */
  readonly properties: Readonly<Record<string, string>>;
  readonly navigation?: Readonly<Record<string, string>>;
}

export interface ActionFacts {
  readonly parameters: Readonly<Record<string, string>>;
  readonly returns: string;
}

type Types = Readonly<Record<string, TypeFacts>>;

const TYPES: Types = facts.types;
const BETA_TYPES: Types = facts.beta.types;
const ACTIONS = facts.actions as Readonly<Record<string, ActionFacts>>;

export const SETS: Readonly<Record<string, string>> = facts.sets;
export const ENUMS: Readonly<Record<string, readonly string[]>> = facts.enums;

export const isKnownType = (type: string): boolean => type in TYPES || type in BETA_TYPES;

/** A type and those that it inherits from, the type itself first. */
function lineOf(type: string): readonly string[] {
  const base = TYPES[type]?.base;
  return base === undefined ? [type] : [type, ...lineOf(base)];
}

/** What was looked up before, by version, type and name: an answer repeats the same few names for each object. */
const found = new Map<string, Property | undefined>();

export function propertyOf(type: string, name: string, isBeta: boolean): Property | undefined {
  const key = `${isBeta ? "beta" : "v1.0"} ${type} ${name}`;
  if (!found.has(key)) found.set(key, lookUp(type, name, isBeta));
  return found.get(key);
}

function lookUp(type: string, name: string, isBeta: boolean): Property | undefined {
  const inBeta = (each: string) => (isBeta ? BETA_TYPES[each]?.properties[name] : undefined);
  const written = lineOf(type)
    .map((each) => TYPES[each]?.properties[name] ?? inBeta(each))
    .find((text) => text !== undefined);
  return written === undefined ? undefined : parsed(written);
}

function parsed(text: string): Property {
  const [words = "", values] = text.split(" = ");
  const [type = "", ...flags] = words.split(" ");
  return {
    type: type.replace("!", ""),
    nullable: !type.endsWith("!"),
    select: flags.includes("$select"),
    filterOnly: flags.includes("$filter-only"),
    ...(values === undefined ? {} : { values: values.split("|") }),
  };
}

export function navigationOf(type: string, name: string): string | undefined {
  return lineOf(type)
    .map((each) => TYPES[each]?.navigation?.[name])
    .find((target) => target !== undefined);
}

export function actionOf(type: string, name: string): ActionFacts | undefined {
  return lineOf(type)
    .map((each) => ACTIONS[`${each}/${name}`])
    .find((action) => action !== undefined);
}

/** `Collection(user)`: `user`; anything else is no collection. */
export function elementOf(type: string): string | null {
  return /^Collection\((.+)\)$/.exec(type)?.[1] ?? null;
}
