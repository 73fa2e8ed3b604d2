import type { BlockReason } from "./block-reason";
import { lastsAsLongAs, type Standing } from "../catalog/subscription";
import { givingInstead, type DeclaredGroup } from "../declaration";
import type { Guid } from "../model";
import type { LicensingWorld, UserEvidence } from "../snapshot";

/** How long a source must last: as long as a direct licence of this standing; `any`: it may end sooner. */
export type Lasting = Standing | "any";

/**
 * The plans that the user keeps from declared groups if every direct assignment is removed.
 *
 * @param standing of the direct licence to be replaced; sources that end sooner do not count
 */
export function stayingPlans(evidence: UserEvidence, world: LicensingWorld, standing: Lasting): ReadonlySet<Guid> {
  const plans = new Set<Guid>();
  for (const group of world.declared) {
    // check: only a first-level member keeps what a group gives
    if (!evidence.memberOf.has(group.groupId)) continue;
    for (const license of group.licenses) {
      for (const plan of plansFrom(group, license.skuId, standing, evidence, world)) plans.add(plan);
    }
  }
  return plans;
}

/** True if the SKU itself, or one that replaces it, is inherited for certain. */
export function isInherited(skuId: Guid, standing: Lasting, evidence: UserEvidence, world: LicensingWorld): boolean {
  return world.declared.some(
    (group) =>
      evidence.memberOf.has(group.groupId) &&
      givingInstead(group, skuId).some(
        (license) => surelyGiven(group, license.skuId, standing, evidence, world) !== null,
      ),
  );
}

export function plansFrom(
  group: DeclaredGroup,
  skuId: Guid,
  standing: Lasting,
  evidence: UserEvidence,
  world: LicensingWorld,
): readonly Guid[] {
  return surelyGiven(group, skuId, standing, evidence, world) ?? [];
}

/**
 * The plans of a SKU that this group gives the user for certain, for at least as long as the given standing;
 * `null`: none. Entra keeps entries of former members, so the entry, the group and the declaration must agree.
 */
function surelyGiven(
  group: DeclaredGroup,
  skuId: Guid,
  standing: Lasting,
  evidence: UserEvidence,
  world: LicensingWorld,
): readonly Guid[] | null {
  const { user } = evidence;
  const { groups, catalog } = world;
  const now = groups.get(group.groupId);
  const onGroup = now?.licenses.find((license) => license.skuId === skuId);
  const declared = group.licenses.find((license) => license.skuId === skuId);
  // check: what stays comes from that declared group, not from any
  const entry = user.assignments.find((each) => each.skuId === skuId && each.assignedByGroup === group.groupId);
  // check: what ends by itself is no replacement
  if (standing !== "any" && endOf(group, skuId, standing, evidence, world) !== null) return null;
  // check: the group is processed
  if (now?.processingState !== "ProcessingComplete") return null;
  if (onGroup === undefined || declared === undefined || entry === undefined) return null;
  // check: the inherited licence has no error
  // check: the inherited licence is Active
  if (entry.state !== "Active" || entry.error !== null) return null;
  const keptByGroup = catalog.enabledPlans(onGroup);
  const keptByDeclaration = catalog.enabledPlans(declared);
  // check: the declaration gives the plan, too
  // check: the group gives the plan now
  return [...catalog.enabledPlans(entry)].filter((plan) => keptByGroup.has(plan) && keptByDeclaration.has(plan));
}

/**
 * Why the group's licence for this SKU may end sooner than a direct licence of the given standing; `null`: it will
 * not.
 */
export function endOf(
  { groupId }: DeclaredGroup,
  skuId: Guid,
  standing: Standing,
  { ending }: UserEvidence,
  { catalog, accepts }: LicensingWorld,
): BlockReason | null {
  const given = catalog.standing(skuId);
  const status = catalog.status(skuId);
  if (given === "ended") return { kind: "subscription-ended", skuId, status };
  // check: a grace period is no replacement for what is in better standing
  if (!lastsAsLongAs(given, standing) && accepts?.grace.has(skuId) !== true) {
    return { kind: "subscription-ending", skuId, status };
  }
  const end = ending?.get(groupId);
  if (end === undefined) return null;
  return "unread" in end
    ? { kind: "membership-end-unknown", groupId, detail: end.unread, isForbidden: end.isForbidden }
    : { kind: "membership-ends", groupId, on: end.on };
}
