import type { Guid } from "../model";
import type { DiscoveredUser } from "./tenant-today";

/** What a rule of a dynamic group goes by here. Graph filters by each of them, so a rule can be counted before it exists. */
export const ATTRIBUTES = ["department", "companyName", "country"] as const;

export type Attribute = (typeof ATTRIBUTES)[number];

/** `user.department -eq "Design"`, which Entra compares without case. */
export interface AttributeRule {
  readonly attribute: Attribute;
  readonly value: string;
}

/** With fewer holders than this an attribute separates them by chance: the only person in Design who has Visio is no rule. */
const FEWEST_FOR_A_RULE = 5;

/** Below this share of the holders a rule is no answer to them. */
const LEAST_COVERED = 0.8;

export function ruleKey({ attribute, value }: AttributeRule): string {
  return `${attribute}=${value.toLowerCase()}`;
}

export function ruleText({ attribute, value }: AttributeRule): string {
  return `user.${attribute} -eq "${value}"`;
}

/**
 * The values that most holders share, at most one an attribute; whom else each takes has to be counted in the tenant. A value
 * with a quote or a control character is left out: rules escape them in ways of their own.
 */
export function rulesFor(holders: readonly Guid[], users: ReadonlyMap<Guid, DiscoveredUser>): readonly AttributeRule[] {
  if (holders.length < FEWEST_FOR_A_RULE) return [];
  return ATTRIBUTES.flatMap((attribute): AttributeRule[] => {
    const counts = new Map<string, { readonly value: string; count: number }>();
    for (const id of holders) {
      const value = users.get(id)?.[attribute] ?? null;
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      if (value === null || /["`\u0000-\u001f]/.test(value) || value.trim() !== value) continue;
      const same = counts.get(value.toLowerCase()) ?? { value, count: 0 };
      counts.set(value.toLowerCase(), same);
      same.count += 1;
    }
    const [first] = [...counts.values()].sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
    return first !== undefined && first.count >= LEAST_COVERED * holders.length
      ? [{ attribute, value: first.value }]
      : [];
  });
}
