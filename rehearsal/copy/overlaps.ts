import { type AttributeRule, isTaken } from "../../licensing/discovery/attributes";
import { type Attribute, ATTRIBUTES } from "../../licensing/discovery/tenant-today";

/** Limit on rules and overlaps: each costs one count request in the tenant and is compared with every other. */
const MOST = 500;

/**
 * All rules, plus the intersection of each pair as a rule of its own (`department is Design` and `country is DE`), until no new
 * one appears. Duplicates are merged, values are in lower case. `null` if there are more than `MOST`.
 */
export function withOverlaps(rules: readonly AttributeRule[]): readonly AttributeRule[] | null {
  const all = new Map<string, AttributeRule>();
  for (const rule of rules) {
    const common = [...all.values()].flatMap((other) => {
      const both = inBoth(rule, other);
      return both === null ? [] : [both];
    });
    for (const each of [inBoth(rule, rule) ?? [], ...common]) all.set(keyOf(each), each);
    if (all.size > MOST) return null;
  }
  return [...all.values()];
}

/** A number of users that match the same rules, with the properties to give each of them. */
export interface Kind {
  readonly properties: Readonly<Partial<Record<Attribute, string>>>;
  readonly count: number;
}

/**
 * Groups users by the rules that match them, so that each rule matches as many users as were counted in the tenant and a user
 * matching two rules is counted once.
 *
 * @param all rules with their overlaps
 */
export function kindsOf(all: readonly AttributeRule[], countOf: (rule: AttributeRule) => number): readonly Kind[] {
  const narrower = new Map(all.map((rule) => [rule, all.filter((each) => each !== rule && isWithin(each, rule))]));
  const insideFirst = [...narrower].sort(([, a], [, b]) => a.length - b.length);
  const alone = new Map<AttributeRule, number>();
  return insideFirst.flatMap(([rule, inside]) => {
    const ofThese = inside.reduce((sum, each) => sum + (alone.get(each) ?? 0), 0);
    // The difference is negative if users changed between two counts.
    const count = Math.max(0, countOf(rule) - ofThese);
    alone.set(rule, count);
    const properties = count === 0 ? undefined : outside(rule, inside);
    return properties === undefined ? [] : [{ properties, count }];
  });
}

/** Properties that match the rule but none of the narrower rules. */
function outside(rule: AttributeRule, narrower: readonly AttributeRule[]): Kind["properties"] | undefined {
  for (const properties of combinations(rule)) {
    const user = { ...NOTHING, ...properties };
    if (!narrower.some((each) => isTaken(user, each))) return properties;
  }
  return undefined;
}

function* combinations([first, ...rest]: AttributeRule): Generator<Kind["properties"]> {
  if (first === undefined) {
    yield {};
    return;
  }
  for (const value of first.values) {
    for (const others of combinations(rest)) yield { [first.attribute]: value, ...others };
  }
}

/** The intersection of two rules; `null` if no user can match both. */
function inBoth(a: AttributeRule, b: AttributeRule): AttributeRule | null {
  const terms = ATTRIBUTES.flatMap((attribute) => {
    const lists = [...a, ...b].filter((term) => term.attribute === attribute).map(({ values }) => folded(values));
    const [first, ...others] = lists;
    if (first === undefined) return [];
    return [{ attribute, values: first.filter((value) => others.every((list) => list.includes(value))) }];
  });
  return terms.some(({ values }) => values.length === 0) ? null : terms;
}

function isWithin(inner: AttributeRule, outer: AttributeRule): boolean {
  const both = inBoth(inner, outer);
  return both !== null && keyOf(both) === keyOf(inner);
}

/** Entra compares strings without case. */
function folded(values: readonly string[]): readonly string[] {
  return [...new Set(values.map((value) => value.toLowerCase()))].sort();
}

function keyOf(rule: AttributeRule): string {
  return JSON.stringify(rule);
}

const NOTHING = { department: null, companyName: null, country: null };
