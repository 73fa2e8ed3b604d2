import { guidFrom } from "../../emulator";
import type { TenantGraph } from "../../graph/tenant-graph";
import type { DiscoveredUser } from "../../licensing/discovery/tenant-today";
import type { Guid } from "../../licensing/model";
import type { StackFile } from "../../licensing/stack-file";
import type { CopiedUser } from "./schema";

/** A rule of a group that is made, in the one form in which a copy can tell whom it takes. */
export interface SimpleRule {
  /** The logical name of the group. */
  readonly group: string;
  readonly property: "department" | "companyName" | "country";
  readonly value: string;
}

/** One property with one value: the simplest of what `discover` writes. */
const SIMPLE = /^\s*user\.(department|companyName|country)\s+-eq\s+"([^"]+)"\s*$/;

/** The rule of a text; `null`: it is not simple. */
export function simpleRule(group: string, text: string): SimpleRule | null {
  const [, property, value] = SIMPLE.exec(text) ?? [];
  if (property === undefined || value === undefined) return null;
  return { group, property: property as SimpleRule["property"], value };
}

export function rulesOf({ groups }: StackFile): readonly { readonly group: string; readonly text: string }[] {
  return groups.flatMap((group) =>
    "create" in group && group.create.members.kind === "rule"
      ? [{ group: group.name, text: group.create.members.rule }]
      : [],
  );
}

/** Whom rules take. */
export interface TakenByRules {
  /** Everybody with a licence whom some rule takes. */
  readonly licensed: ReadonlyMap<Guid, DiscoveredUser>;
  /** How many users without a licence each rule takes besides. */
  readonly unlicensed: ReadonlyMap<SimpleRule, number>;
}

/** Reads all licensed users once, with the properties that rules go by; of the others it is enough to know how many there are. */
export async function readTaken(graph: TenantGraph, all: readonly SimpleRule[]): Promise<TakenByRules> {
  // Several groups may have the same rule: the people are the same.
  const rules = [...new Map(all.map((rule) => [`${rule.property} ${rule.value.toLowerCase()}`, rule])).values()];
  const licensed = new Map<Guid, DiscoveredUser>();
  if (rules.length === 0) return { licensed, unlicensed: new Map() };
  const found = new Map(rules.map((rule) => [rule, new Set<Guid>()]));
  for await (const { users } of graph.licensedUserPages()) {
    for (const user of users) {
      for (const rule of rules) {
        if (!takes(rule, user)) continue;
        licensed.set(user.id, user);
        found.get(rule)?.add(user.id);
      }
    }
  }
  const counts = await graph.userCounts(
    new Map(rules.map((rule) => [rule, [{ property: rule.property, values: [rule.value] }]])),
  );
  const unlicensed = rules.map(
    (rule) => [rule, Math.max(0, (counts.get(rule) ?? 0) - (found.get(rule)?.size ?? 0))] as const,
  );
  return { licensed, unlicensed: new Map(unlicensed) };
}

/** Entra compares texts without case. */
function takes({ property, value }: SimpleRule, user: DiscoveredUser): boolean {
  return user[property]?.toLowerCase() === value.toLowerCase();
}

/** The properties of a user that a rule takes, as a copy has them. */
export function propertiesOf(user: DiscoveredUser, rules: readonly SimpleRule[]): CopiedUser["properties"] {
  const mine = rules.filter((rule) => takes(rule, user));
  return Object.fromEntries(mine.map(({ property, value }) => [property, value]));
}

/** People without a licence whom a rule takes: they need a seat, and all else that there is to know of them is that they hold nothing. */
export function standIns(taken: TakenByRules): CopiedUser[] {
  return [...taken.unlicensed].flatMap(([{ group, property, value }, count]) =>
    Array.from({ length: count }, (_, index) => ({
      id: guidFrom(`without a licence, taken by the rule of ${group}: ${index}`),
      accountEnabled: null,
      usageLocation: null,
      assignments: [],
      unknownSource: [],
      properties: { [property]: value },
    })),
  );
}
