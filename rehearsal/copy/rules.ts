import type { TenantReads } from "../../graph/tenant-graph";
import { type AttributeRule, isTaken } from "../../licensing/discovery/attributes";
import type { DiscoveredUser } from "../../licensing/discovery/tenant-today";
import type { Guid } from "../../licensing/model";
import type { StackFile } from "../../licensing/stack-file/stack-file";
import { type Kind, kindsOf } from "./overlaps";
import type { CopiedUser } from "./schema";

export function rulesOf({ groups }: StackFile): readonly { readonly group: string; readonly text: string }[] {
  return groups.flatMap((group) =>
    "create" in group && group.create.members.kind === "rule"
      ? [{ group: group.name, text: group.create.members.rule }]
      : [],
  );
}

/** The users that match a membership rule. */
export interface TakenByRules {
  /** Licensed users that match at least one rule. */
  readonly licensed: ReadonlyMap<Guid, DiscoveredUser>;
  /** Unlicensed users that match at least one rule. */
  readonly unlicensed: readonly Kind[];
}

/**
 * Reads all licensed users once with the properties that rules use. Unlicensed users are only counted.
 *
 * @param rules all rules and their overlaps
 */
export async function readTaken(graph: TenantReads, rules: readonly AttributeRule[]): Promise<TakenByRules> {
  const licensed = new Map<Guid, DiscoveredUser>();
  if (rules.length === 0) return { licensed, unlicensed: [] };
  const found = new Map<AttributeRule, number>();
  for await (const { users } of graph.licensedUserPages()) {
    for (const user of users) {
      for (const rule of rules) {
        if (!isTaken(user, rule)) continue;
        licensed.set(user.id, user);
        found.set(rule, (found.get(rule) ?? 0) + 1);
      }
    }
  }
  const counts = await graph.userCounts(
    new Map(rules.map((rule) => [rule, rule.map(({ attribute, values }) => ({ property: attribute, values }))])),
  );
  const others = (rule: AttributeRule) => (counts.get(rule) ?? 0) - (found.get(rule) ?? 0);
  return { licensed, unlicensed: kindsOf(rules, others) };
}

/** The user's properties that occur in rules matching the user. Other properties are not copied. */
export function propertiesOf(user: DiscoveredUser, rules: readonly AttributeRule[]): CopiedUser["properties"] {
  const attributes = rules.filter((rule) => isTaken(user, rule)).flatMap((rule) => rule.map((term) => term.attribute));
  return Object.fromEntries(attributes.map((attribute) => [attribute, user[attribute] ?? ""]));
}
