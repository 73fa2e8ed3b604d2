import type { Catalog } from "../catalog/catalog";
import { inForce } from "../effective-plans";
import { grouped } from "../grouped";
import { isFromGroup, type Assignment, type Guid } from "../model";
import { EXCLUSIVE, FORMERLY_EXCLUSIVE, PREREQUISITES, type ExclusiveSet } from "./plan-relations";

/** Two mutually exclusive plans, or a plan and its prerequisites, in a tenant that has them. */
export interface Relation {
  readonly plan: Guid;
  /** The other plan of the pair, or the plans of which one is needed. */
  readonly others: readonly Guid[];
  /** `EXCHANGE_S_STANDARD beside EXCHANGE_S_ENTERPRISE`, `MCOEV needs TEAMS1`. */
  readonly words: string;
  /** True if Entra will refuse it; false if the tenant or missing evidence leaves it open. */
  readonly isSure: boolean;
}

/** A plan and its prerequisites. */
export interface Need extends Relation {
  /** True if Entra will refuse a group that gives the plan without them. */
  readonly isSureInGroup: boolean;
}

export interface TenantRelations {
  readonly exclusive: readonly Relation[];
  readonly formerlyExclusive: readonly Relation[];
  readonly prerequisites: readonly Need[];
}

/**
 * The rules of `plan-relations.ts` for this tenant's plans. Observations override them: a pair that a user or a SKU
 * has is not certain, a need that a user lacks is dropped, and a need that a group lacks is not required in the
 * group.
 */
export function relationsIn(
  catalog: Catalog,
  users: Iterable<{ readonly assignments: readonly Omit<Assignment, "changedAtMs">[] }>,
): TenantRelations {
  const ids = new Map(catalog.skus.flatMap(({ servicePlans }) => servicePlans.map(({ id, name }) => [name, id])));
  const needs = PREREQUISITES.flatMap(({ plan, needsOneOf, basis }): Need[] => {
    const id = ids.get(plan);
    const others = needsOneOf.flatMap((name) => ids.get(name) ?? []);
    // If the tenant has none of the prerequisites, it may have one under a name that the list lacks.
    if (id === undefined || others.length === 0) return [];
    const there = needsOneOf.filter((name) => ids.has(name));
    const words = `${plan} needs ${there.join(" or ")}${basis === "unproven" ? " (unproven)" : ""}`;
    const isSure = basis === "enforced";
    return [{ plan: id, others, words, isSure, isSureInGroup: isSure }];
  });
  const pairs = EXCLUSIVE.flatMap((set) => pairsOf(set, ids));
  const held = new Set<Relation>(pairs.filter((pair) => catalog.skus.some((sku) => isInSku(pair, sku.servicePlans))));
  const waived = new Set<Need>();
  const givenAlone = new Set<Need>();
  const seen = new Set<string>();
  for (const { assignments } of users) {
    const given = assignments.filter(inForce);
    // Users share few distinct sets of licences, so each set is checked once.
    const key = given
      .map(
        ({ skuId, disabledPlans, assignedByGroup }) => `${skuId} ${assignedByGroup ?? ""} ${disabledPlans.join(" ")}`,
      )
      .join("|");
    if (seen.has(key)) continue;
    seen.add(key);
    const has = (plan: Guid, from: typeof assignments = given) =>
      from.some((entry) => catalog.enabledPlans(entry).has(plan));
    for (const pair of pairs) if (has(pair.plan) && pair.others.every((each) => has(each))) held.add(pair);
    const inherited = grouped(given.filter(isInherited), ({ assignedByGroup }) => assignedByGroup ?? "");
    for (const need of needs) {
      const lacks = (from: typeof assignments) => has(need.plan, from) && !need.others.some((each) => has(each, from));
      if (lacks(given)) waived.add(need);
      if ([...inherited.values()].some(lacks)) givenAlone.add(need);
    }
  }
  return {
    exclusive: pairs.map((pair) => ({ ...pair, isSure: !held.has(pair) })),
    formerlyExclusive: pairsOf(FORMERLY_EXCLUSIVE, ids),
    prerequisites: needs
      .filter((need) => !waived.has(need))
      .map((need) => (givenAlone.has(need) ? { ...need, isSureInGroup: false } : need)),
  };
}

/** Only `Active`: Entra keeps other entries of users that have left the group. */
function isInherited(entry: Omit<Assignment, "changedAtMs">): boolean {
  return isFromGroup(entry) && entry.state === "Active";
}

function pairsOf({ plans }: ExclusiveSet, ids: ReadonlyMap<string, Guid>): readonly Relation[] {
  return plans.flatMap((plan, at) =>
    plans.slice(at + 1).flatMap((other): Relation[] => {
      const [a, b] = [ids.get(plan), ids.get(other)];
      if (a === undefined || b === undefined) return [];
      return [{ plan: a, others: [b], words: `${plan} beside ${other}`, isSure: true }];
    }),
  );
}

function isInSku({ plan, others }: Relation, plans: readonly { readonly id: Guid }[]): boolean {
  return [plan, ...others].every((id) => plans.some((each) => each.id === id));
}
