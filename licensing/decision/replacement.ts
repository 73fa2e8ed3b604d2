import type { BlockReason } from "./block-reason";
import { bridgeFor } from "./bridge";
import type { Successor } from "../catalog/successors";
import type { Standing } from "../catalog/subscription";
import { givingInstead, scopeByUser, skusInScope } from "../declaration";
import { inForce, missing, unionOfPlans } from "../effective-plans";
import { isDirect, isFromGroup, type Assignment, type Guid, type License } from "../model";
import { acceptsNoWayBack, type LicensingWorld, type UserEvidence } from "../snapshot";
import { isInherited, plansFrom, stayingPlans } from "./staying";
import { whyBlocked, whyNotInScope } from "./why-blocked";

/** The decision about a user's direct assignment of one SKU in scope. */
export type SkuDecision =
  /**
   * `gains`: plans that the user newly gets from the groups by this SKU. `successions`: plans that stay only as their
   * successors; absent: none. Both are allowed, and reported.
   */
  | {
      readonly skuId: Guid;
      readonly verdict: "remove";
      readonly gains: readonly Guid[];
      readonly successions?: readonly Successor[];
      /** What the same call adds directly, and why the licence stays where that may not be; absent: nothing. */
      readonly bridge?: { readonly add: readonly License[]; readonly otherwise: BlockReason };
    }
  | { readonly skuId: Guid; readonly verdict: "inherited" }
  | { readonly skuId: Guid; readonly verdict: "blocked"; readonly reason: BlockReason };

/**
 * Decides for each held SKU in the user's scope (see `scopeByUser`). The rule: the direct assignment goes if it could be
 * assigned again, and lasting assignments together enable its user plans: `Active`, without error, from a declared group
 * with the user as a first-level member. Where plans exclude each other, see `bridge.ts`.
 *
 * @param planned SKUs to decide in any case: the user may have left the group that replaces them since the plan
 */
export function decideUser(
  evidence: UserEvidence,
  world: LicensingWorld,
  planned: ReadonlySet<Guid> = NONE,
): readonly SkuDecision[] {
  return decisionsIn(world)(evidence, planned);
}

const NONE: ReadonlySet<Guid> = new Set();

/** Decides for many users; the facts they share are computed once. */
export function decisionsIn(
  world: LicensingWorld,
): (evidence: UserEvidence, planned?: ReadonlySet<Guid>) => readonly SkuDecision[] {
  const indexed: IndexedWorld = {
    ...world,
    skuIds: skusInScope(world.declared),
    groupIds: new Set(world.declared.map(({ groupId }) => groupId)),
  };
  const scopeOf = scopeByUser(world.declared);
  return (evidence, planned = NONE) => {
    const scope = scopeOf((groupId) => evidence.memberOf.has(groupId) || evidence.nestedIn.has(groupId));
    return decide(evidence, indexed, scope, planned);
  };
}

interface IndexedWorld extends LicensingWorld {
  /** Ids of the SKUs in anyone's scope and of the declared groups, for lookup. */
  readonly skuIds: ReadonlySet<Guid>;
  readonly groupIds: ReadonlySet<Guid>;
}

function decide(
  evidence: UserEvidence,
  world: IndexedWorld,
  scope: ReadonlySet<Guid>,
  planned: ReadonlySet<Guid>,
): readonly SkuDecision[] {
  const decisions: SkuDecision[] = [];
  // Cached by standing, because most SKUs of a user have the same one.
  const known = new Map<Standing, ReadonlySet<Guid>>();
  const staying = (standing: Standing) => {
    const plans = known.get(standing) ?? stayingPlans(evidence, world, standing);
    known.set(standing, plans);
    return plans;
  };
  for (const skuId of world.skuIds) {
    const isInScope = scope.has(skuId);
    if (!isInScope && !planned.has(skuId)) continue;
    const entries = evidence.user.assignments.filter((entry) => entry.skuId === skuId);
    const direct = entries.filter(isDirect);
    if (entries.length === 0) {
      const held = evidence.user.assignedLicenses.some((license) => license.skuId === skuId);
      // check: a licence from nowhere is blocked
      if (held) decisions.push({ skuId, verdict: "blocked", reason: { kind: "source-unknown" } });
    } else if (direct.length === 0) {
      decisions.push({ skuId, verdict: "inherited" });
    } else if (!isInScope) {
      decisions.push({ skuId, verdict: "blocked", reason: whyNotInScope(skuId, world) });
    } else {
      decisions.push(decideDirect(skuId, direct, staying, evidence, world));
    }
  }
  return decisions;
}

function decideDirect(
  skuId: Guid,
  direct: readonly Assignment[],
  staying: (standing: Standing) => ReadonlySet<Guid>,
  evidence: UserEvidence,
  world: IndexedWorld,
): SkuDecision {
  const needed = new Set(direct.flatMap((entry) => [...world.catalog.enabledPlans(entry)]));
  const standing = world.catalog.standing(skuId);
  const lost = world.catalog.uncovered(needed, staying(standing));
  // A licence without enabled plans has nothing to compare, so the SKU itself must be inherited.
  // check: a licence with nothing on needs the SKU itself to be inherited
  // check: each plan that goes is among those that stay
  const isReplaced = needed.size > 0 ? lost.length === 0 : isInherited(skuId, standing, evidence, world);
  // An unlisted SKU has no known plans: nothing would seem to be lost. Unknown is not safe.
  const isKnown = world.catalog.has(skuId);
  if (!isReplaced && isKnown) {
    const bridged = decideBridge(skuId, needed, lost, standing, evidence, world);
    if (bridged !== null) return bridged;
  }
  const reason =
    isReplaced && isKnown
      ? whyNoWayBack(skuId, standing, evidence, world)
      : whyBlocked(skuId, standing, lost, evidence, world);
  if (reason !== null) return { skuId, verdict: "blocked", reason };
  const successions = successionsIn(needed, staying(standing), world);
  const gains = gainsBy(skuId, standing, evidence, world);
  return { skuId, verdict: "remove", gains, ...(successions.length > 0 && { successions }) };
}

/** The decision by what the same call adds; `null`: nothing that it could add would do. */
function decideBridge(
  skuId: Guid,
  needed: ReadonlySet<Guid>,
  lost: readonly Guid[],
  standing: Standing,
  evidence: UserEvidence,
  world: IndexedWorld,
): SkuDecision | null {
  const bridge = bridgeFor(skuId, lost, standing, evidence, world);
  if (bridge === null) return null;
  const noWayBack = whyNoWayBack(skuId, standing, evidence, world);
  if (bridge.kind === "blocked" || noWayBack !== null) {
    const reason = bridge.kind === "blocked" ? bridge.reason : noWayBack;
    return reason === null ? null : { skuId, verdict: "blocked", reason };
  }
  const { catalog } = world;
  const added = unionOfPlans(bridge.licenses, catalog);
  const all = catalog.enabledPlans({ skuId, disabledPlans: [] });
  const now = unionOfPlans(evidence.user.assignments.filter(inForce), catalog);
  const successions = successionsIn(new Set(lost), added, world);
  return {
    skuId,
    verdict: "remove",
    gains: missing(added, now).filter((planId) => all.has(planId) && !needed.has(planId)),
    ...(successions.length > 0 && { successions }),
    bridge: { add: bridge.licenses, otherwise: whyBlocked(skuId, standing, lost, evidence, world) },
  };
}

/** The plans that are not kept themselves, each with the successor that is. */
function successionsIn(
  needed: ReadonlySet<Guid>,
  staying: ReadonlySet<Guid>,
  { catalog }: LicensingWorld,
): readonly Successor[] {
  return missing(needed, staying).flatMap((planId) => {
    const byId = catalog.keptAs(planId, staying);
    return byId === null ? [] : [{ planId, byId }];
  });
}

/** The reason why a put-back or a rollback could not assign the licence again; `null`: it could. */
function whyNoWayBack(
  skuId: Guid,
  standing: Standing,
  evidence: UserEvidence,
  world: LicensingWorld,
): BlockReason | null {
  const { user } = evidence;
  const { accepts, catalog } = world;
  if (acceptsNoWayBack(accepts, skuId)) return null;
  // check: nothing is removed that could not be put back
  if (user.usageLocation === null) return { kind: "no-usage-location" };
  // check: a trial is not replaced without the word for it
  if (isReplacedTrial(skuId, evidence, world)) return { kind: "trial", skuId };
  return standing === "ended" ? { kind: "not-assignable-again", skuId, status: catalog.status(skuId) } : null;
}

/** True if the user's groups replace this trial and do not give it themselves. */
function isReplacedTrial(skuId: Guid, { memberOf }: UserEvidence, { declared, catalog }: LicensingWorld): boolean {
  const mine = declared.filter(({ groupId }) => memberOf.has(groupId));
  if (mine.some(({ licenses }) => licenses.some((license) => license.skuId === skuId))) return false;
  const isReplaced = mine.some(({ replaces = [] }) => replaces.some((each) => each.skuId === skuId));
  return isReplaced && catalog.isTrial(skuId);
}

/**
 * The plans that come on with this move. A replacing SKU has plans of its own, which everyone gets who gets the SKU; of
 * these only the ones count that the replaced SKU has, too, and that were off.
 */
function gainsBy(skuId: Guid, standing: Standing, evidence: UserEvidence, world: IndexedWorld): readonly Guid[] {
  const { catalog } = world;
  const joined = world.declared.filter((group) => evidence.memberOf.has(group.groupId));
  const all = catalog.enabledPlans({ skuId, disabledPlans: [] });
  const given = joined.flatMap((group) =>
    givingInstead(group, skuId).flatMap((license) => {
      const plans = plansFrom(group, license.skuId, standing, evidence, world);
      return license.skuId === skuId ? plans : plans.filter((plan) => all.has(plan));
    }),
  );
  const elsewhere = evidence.user.assignments.filter(
    (entry) => inForce(entry) && (!isFromGroup(entry) || !world.groupIds.has(entry.assignedByGroup)),
  );
  return missing(new Set(given), unionOfPlans(elsewhere, catalog));
}
