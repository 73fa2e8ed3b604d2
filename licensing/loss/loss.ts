import type { Catalog } from "../catalog/catalog";
import { inForce } from "../effective-plans";
import type { Assignment, Guid, License, LicensedUser } from "../model";

/** A user who would lose plans, and where these come from. */
export interface Loss {
  readonly userId: Guid;
  /** One entry for each plan and each source of it that goes. */
  readonly plans: readonly LostPlan[];
}

/** A plan with one source that no longer gives it. Two SKUs may have the same plan, so the plan alone says too little. */
export interface LostPlan {
  readonly groupId: Guid;
  readonly skuId: Guid;
  readonly planId: Guid;
}

/** What groups will give to their members, by group id. */
export type LicensesByGroup = ReadonlyMap<Guid, readonly License[]>;

/**
 * Who would lose what if these groups gave other licences than they give now. All changes of a run are judged together:
 * two groups that give the same may not vouch for each other while both lose it.
 *
 * A plan is lost when an entry in force no longer gives it and nothing sure goes on giving it. Sure is what is there now and stays: an
 * inherited entry counts only while it is `Active` and without error, because Entra keeps entries of people who have left; and what
 * another group, or another SKU of the same one, only begins to give may come too late, or never. Nothing sure comes from a
 * subscription that has ended, or from a group that no longer exists: the caller tells of these by an empty list in `after`.
 */
export function lossOfGroupChanges(
  members: Iterable<LicensedUser>,
  after: LicensesByGroup,
  catalog: Catalog,
): readonly Loss[] {
  const losses: Loss[] = [];
  // Who inherits the same shares one entry, see `SharedLicenses`.
  const known = new Map<Assignment, readonly LostPlan[]>();
  for (const user of members) {
    const going = user.assignments.filter(inForce).flatMap((entry) => knownGoing(entry));
    if (going.length === 0) continue;
    const sure = user.assignments.filter(isSure);
    const staying = new Set(sure.flatMap((entry) => plansStaying(entry)));
    const working = new Set(sure.filter(isInForce).flatMap((entry) => plansStaying(entry)));
    // What has ended together may be renewed together; for what works now, only what works counts.
    const plans = going.filter((each) => !(isInForce(each) ? working : staying).has(each.planId));
    if (plans.length > 0) losses.push({ userId: user.id, plans });
  }
  return losses;

  function isInForce({ skuId }: { readonly skuId: Guid }): boolean {
    return catalog.standing(skuId) !== "ended";
  }

  function knownGoing(entry: Assignment): readonly LostPlan[] {
    if (entry.assignedByGroup === null) return [];
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

  /** What the entry's group will give by the same SKU. */
  function plansThen(entry: Assignment): ReadonlySet<Guid> {
    const license = after.get(entry.assignedByGroup ?? "")?.find(({ skuId }) => skuId === entry.skuId);
    return license === undefined ? new Set() : catalog.enabledPlans(license);
  }
}

/** Gives its plans now, and nothing says that it will not go on. */
export function isSure(entry: Assignment): boolean {
  return inForce(entry) && (entry.assignedByGroup === null || (entry.state === "Active" && entry.error === null));
}

/** A plan of a group's SKU that the stack file allows somebody to lose, with its ids. */
export interface ResolvedLoss {
  /** The logical name of the group: it may be one that the file no longer declares. */
  readonly group: string;
  readonly skuId: Guid;
  readonly planId: Guid;
}

/** The same with Graph's names, for people and policies who know no ids. */
export interface NamedLoss extends ResolvedLoss {
  readonly sku: string;
  readonly plan: string;
}

export function withNames(losses: readonly ResolvedLoss[], catalog: Catalog): readonly NamedLoss[] {
  return losses.map((loss) => ({ ...loss, sku: catalog.skuName(loss.skuId), plan: catalog.planName(loss.planId) }));
}

/** A group as losses are judged for it. */
export interface LosingGroup {
  /** The logical name. */
  readonly name: string;
  readonly groupId: Guid;
}

/**
 * What one group has to answer for: the losses that come from its own licences and that nothing accepts. An accepted loss counts for
 * one plan of one SKU of one group. Where several sources of a plan go at once, each needs its own.
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
