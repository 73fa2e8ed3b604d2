import type { Guid } from "../model";
import { Attribute, ATTRIBUTES, DiscoveredUser } from "./tenant-today";

/** Matches any of these values. Entra compares without case. */
export interface Term {
  readonly attribute: Attribute;
  readonly values: readonly string[];
}

/**
 * `user.department -eq "Design" -and user.country -in ["DE", "AT"]`. All terms must match, each on another
 * attribute.
 */
export type AttributeRule = readonly Term[];

/** With fewer holders an attribute separates them by chance: one user in Design with Visio is no rule. */
const FEWEST_FOR_A_RULE = 5;

/** A rule that covers a smaller share of the holders is not proposed. */
const LEAST_COVERED = 0.8;

/** Our choice: a longer list only repeats today's values and is no recognisable rule. */
const MOST_VALUES = 5;

export function ruleKey(rule: AttributeRule): string {
  return rule.map(({ attribute, values }) => `${attribute}=${values.map(folded).sort().join("|")}`).join("&");
}

export function isTaken(user: Readonly<Record<Attribute, string | null>>, rule: AttributeRule): boolean {
  return rule.every(({ attribute, values }) => {
    const own = user[attribute];
    return own !== null && values.some((value) => folded(value) === folded(own));
  });
}

/**
 * Rules that cover most of the holders, simplest first: one value, a few values of one attribute, two attributes.
 * How many other users a rule takes must be counted in the tenant.
 */
export function rulesFor(holders: readonly Guid[], users: ReadonlyMap<Guid, DiscoveredUser>): readonly AttributeRule[] {
  if (holders.length < FEWEST_FOR_A_RULE) return [];
  const terms = ATTRIBUTES.map((attribute) => termsOf(attribute, holders, users));
  const single = terms.flatMap((each) => each.map((term): AttributeRule => [term]));
  // Uses the wider term of an attribute: the narrower one covers fewer holders.
  const widest = terms.flatMap((each) => each.at(-1) ?? []);
  const pairs = widest.flatMap((first, at) => widest.slice(at + 1).map((second): AttributeRule => [first, second]));
  const enough = LEAST_COVERED * holders.length;
  const covers = (rule: AttributeRule) =>
    holders.reduce((sum, id) => sum + (isTaken(users.get(id) ?? NOBODY, rule) ? 1 : 0), 0) >= enough;
  return [...single, ...pairs.filter(covers)];
}

/** The most frequent value, and the few most frequent ones, if they cover enough holders. */
function termsOf(
  attribute: Attribute,
  holders: readonly Guid[],
  users: ReadonlyMap<Guid, DiscoveredUser>,
): readonly Term[] {
  const counts = new Map<string, { readonly value: string; count: number }>();
  for (const id of holders) {
    const value = users.get(id)?.[attribute] ?? null;
    if (value === null || !canBeSaid(value)) continue;
    const same = counts.get(folded(value)) ?? { value, count: 0 };
    counts.set(folded(value), same);
    same.count += 1;
  }
  const frequent = [...counts.values()].sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
  const few = frequent.filter(({ count }) => count >= FEWEST_FOR_A_RULE).slice(0, MOST_VALUES);
  const candidates = [frequent.slice(0, 1), ...(few.length > 1 ? [few] : [])];
  return candidates
    .filter((values) => values.reduce((sum, { count }) => sum + count, 0) >= LEAST_COVERED * holders.length)
    .map((values): Term => ({ attribute, values: values.map(({ value }) => value) }))
    .filter(({ values }) => values.length > 0);
}

/** Values with a quote or a control character are left out, because rules escape them differently. */
function canBeSaid(value: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return value.trim() === value && !/["`\u0000-\u001f]/.test(value);
}

function folded(value: string): string {
  return value.toLowerCase();
}

const NOBODY = { department: null, companyName: null, country: null };
