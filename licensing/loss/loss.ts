import type { Catalog } from "../catalog/catalog";
import type { Successor } from "../catalog/successors";
import { inForce } from "../effective-plans";
import { isDirect, isFromGroup, type Assignment, type Guid, type License, type LicensedUser } from "../model";

/** A user that would lose plans, with their sources. */
export interface Loss {
  readonly userId: Guid;
  /** One entry for each plan and each source that ends. */
  readonly plans: readonly LostPlan[];
}

/**
 * A plan and a source that no longer gives it. Two SKUs may contain the same plan, so the plan alone is ambiguous.
 */
export interface LostPlan {
  readonly groupId: Guid;
  readonly skuId: Guid;
  readonly planId: Guid;
}

/** Licences that each group will give after the run, by group id. */
export type LicensesByGroup = ReadonlyMap<Guid, readonly License[]>;

/**
 * Returns the members' losses if groups change to the licences in `after`, all together: two groups must not cover for
 * each other. A plan is lost if an entry in force stops giving it and no certain source of it or of its successor
 * remains; licences that a group only starts to give may come late, and do not count.
 *
 * @param after an empty list for a deleted group
 */
export function lossOfGroupChanges(
  members: Iterable<LicensedUser>,
  after: LicensesByGroup,
  catalog: Catalog,
): readonly Loss[] {
  const losses: Loss[] = [];
  for (const { userId, going, keptAs } of goingOf(members, after, catalog)) {
    const plans = going.filter((each) => keptAs(each) === null);
    if (plans.length > 0) losses.push({ userId, plans });
  }
  return losses;
}

/** For each member with a plan that this group stops giving and that stays only as its successor: those pairs. */
export function successionsOfGroupChange(
  members: Iterable<LicensedUser>,
  groupId: Guid,
  after: LicensesByGroup,
  catalog: Catalog,
): readonly (readonly Successor[])[] {
  return [...goingOf(members, after, catalog)].flatMap(({ going, keptAs }) => {
    const pairs = going.flatMap((each): Successor[] => {
      const byId = each.groupId === groupId ? keptAs(each) : null;
      return byId === null || byId === each.planId ? [] : [{ planId: each.planId, byId }];
    });
    return pairs.length === 0 ? [] : [pairs];
  });
}

/** A member with plans that a changed group stops giving. */
interface Going {
  readonly userId: Guid;
  readonly going: readonly LostPlan[];
  /** The plan or its successor, from a source that stays; `null`: there is none. */
  readonly keptAs: (plan: LostPlan) => Guid | null;
}

function* goingOf(members: Iterable<LicensedUser>, after: LicensesByGroup, catalog: Catalog): Iterable<Going> {
  // Users with the same inherited licences share one entry object; see `SharedLicenses`.
  const known = new Map<Assignment, readonly LostPlan[]>();
  for (const user of members) {
    const going = user.assignments.filter(inForce).flatMap((entry) => knownGoing(entry));
    if (going.length === 0) continue;
    const sure = user.assignments.filter(isSure);
    const staying = new Set(sure.flatMap((entry) => plansStaying(entry)));
    const working = new Set(sure.filter(isInForce).flatMap((entry) => plansStaying(entry)));
    // An ended licence may be renewed together with its source; a working plan needs a source that works.
    const keptAs = (plan: LostPlan) => catalog.keptAs(plan.planId, isInForce(plan) ? working : staying);
    yield { userId: user.id, going, keptAs };
  }

  function isInForce({ skuId }: { readonly skuId: Guid }): boolean {
    return catalog.standing(skuId) !== "ended";
  }

  function knownGoing(entry: Assignment): readonly LostPlan[] {
    if (!isFromGroup(entry)) return [];
    const plans = known.get(entry) ?? plansGoing(entry);
    known.set(entry, plans);
    return plans;
  }

  function plansGoing(entry: Assignment): readonly LostPlan[] {
    const { assignedByGroup: groupId, skuId } = entry;
    if (groupId === null || !after.has(groupId)) return [];
    const then = plansThen(entry);
    const plans = [...catalog.enabledPlans(entry)].filter((planId) => !then.has(planId));
    return plans.map((planId) => ({ groupId, skuId, planId }));
  }

  function plansStaying(entry: Assignment): readonly Guid[] {
    const now = [...catalog.enabledPlans(entry)];
    if (!after.has(entry.assignedByGroup ?? "")) return now;
    const then = plansThen(entry);
    return now.filter((planId) => then.has(planId));
  }

  /** The plans that the entry's group will give by the same SKU. */
  function plansThen(entry: Assignment): ReadonlySet<Guid> {
    const license = after.get(entry.assignedByGroup ?? "")?.find(({ skuId }) => skuId === entry.skuId);
    return license === undefined ? new Set() : catalog.enabledPlans(license);
  }
}

/**
 * In force, and direct or inherited without error. Entra keeps entries of former members, so an inherited entry
 * must be `Active`.
 */
export function isSure(entry: Assignment): boolean {
  return inForce(entry) && (isDirect(entry) || (entry.state === "Active" && entry.error === null));
}

/** A plan of a group's SKU that the stack file accepts as lost, with its ids. */
export interface ResolvedLoss {
  /** Logical name of the group, which the stack file may no longer declare. */
  readonly group: string;
  readonly skuId: Guid;
  readonly planId: Guid;
}

/** The same with Graph's names, for output and policies. */
export interface NamedLoss extends ResolvedLoss {
  readonly sku: string;
  readonly plan: string;
}

export function withNames(losses: readonly ResolvedLoss[], catalog: Catalog): readonly NamedLoss[] {
  return losses.map((loss) => ({ ...loss, sku: catalog.skuName(loss.skuId), plan: catalog.planName(loss.planId) }));
}

/** The group that a loss is attributed to. */
export interface LosingGroup {
  /** The logical name. */
  readonly name: string;
  readonly groupId: Guid;
}

/**
 * The losses caused by this group's own licences and not accepted. An accepted loss covers one plan of one SKU of
 * one group; if several sources of a plan end at once, each needs its own entry.
 */
export function unaccepted(
  losses: readonly Loss[],
  group: LosingGroup,
  accepted: readonly ResolvedLoss[],
): readonly Loss[] {
  const isOwn = (plan: LostPlan) => plan.groupId === group.groupId && !isAccepted(plan, group.name, accepted);
  return losses
    .map(({ userId, plans }) => ({ userId, plans: plans.filter(isOwn) }))
    .filter(({ plans }) => plans.length > 0);
}

export function isAccepted(
  { skuId, planId }: Pick<LostPlan, "skuId" | "planId">,
  groupName: string,
  accepted: readonly ResolvedLoss[],
): boolean {
  return accepted.some((each) => each.group === groupName && each.skuId === skuId && each.planId === planId);
}
