import type { BlockReason } from "./block-reason";
import { declaredSkus, type DeclaredGroup } from "../declaration";
import { inForce, missing, unionOfPlans } from "../effective-plans";
import type { Assignment, Guid, LicensedGroup } from "../model";
import type { UserEvidence, LicensingWorld } from "../snapshot";
import { lastsAsLongAs, type Standing } from "../catalog/subscription";

/** The decision about a user's direct assignment of one declared SKU. */
export type SkuDecision =
  /** `gains`: plans that the user newly gets from the groups by this SKU. Allowed, and reported. */
  | { readonly skuId: Guid; readonly verdict: "remove"; readonly gains: readonly Guid[] }
  | { readonly skuId: Guid; readonly verdict: "inherited" }
  | { readonly skuId: Guid; readonly verdict: "blocked"; readonly reason: BlockReason };

/**
 * Decides for each declared SKU that the user holds: remove the direct assignment, already inherited only, or
 * blocked. The rule: every user plan that the direct assignment enables must be enabled by lasting assignments,
 * taken together: `Active`, without error, from a declared group with the user as a first-level member. And the
 * licence must be assignable again.
 */
export function decideUser(evidence: UserEvidence, world: LicensingWorld): readonly SkuDecision[] {
  return decisionsIn(world)(evidence);
}

/** Decides for many users; the facts they share are computed once. */
export function decisionsIn(world: LicensingWorld): (evidence: UserEvidence) => readonly SkuDecision[] {
  const indexed: IndexedWorld = {
    ...world,
    skuIds: declaredSkus(world.declared),
    groupIds: new Set(world.declared.map(({ groupId }) => groupId)),
  };
  return (evidence) => decide(evidence, indexed);
}

interface IndexedWorld extends LicensingWorld {
  /** Ids of the declared SKUs and groups, for lookup. */
  readonly skuIds: ReadonlySet<Guid>;
  readonly groupIds: ReadonlySet<Guid>;
}

function decide(evidence: UserEvidence, world: IndexedWorld): readonly SkuDecision[] {
  const decisions: SkuDecision[] = [];
  // Cached by standing, because most SKUs of a user have the same one.
  const known = new Map<Standing, ReadonlySet<Guid>>();
  const staying = (standing: Standing) => {
    const plans = known.get(standing) ?? stayingPlans(evidence, world, standing);
    known.set(standing, plans);
    return plans;
  };
  for (const skuId of world.skuIds) {
    const entries = evidence.user.assignments.filter((entry) => entry.skuId === skuId);
    const direct = entries.filter((entry) => entry.assignedByGroup === null);
    if (entries.length === 0) {
      const held = evidence.user.assignedLicenses.some((license) => license.skuId === skuId);
      if (held) decisions.push({ skuId, verdict: "blocked", reason: { kind: "source-unknown" } });
    } else if (direct.length === 0) {
      decisions.push({ skuId, verdict: "inherited" });
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
  const lost = missing(needed, staying(standing));
  // A licence without enabled plans has nothing to compare, so the SKU itself must be inherited.
  const isReplaced = needed.size > 0 ? lost.length === 0 : isInherited(skuId, standing, evidence, world);
  // An unlisted SKU has no known plans: nothing would seem to be lost. Unknown is not safe.
  const isKnown = world.catalog.has(skuId);
  const reason =
    isReplaced && isKnown
      ? whyNoWayBack(skuId, standing, evidence, world)
      : whyBlocked(skuId, standing, lost, evidence, world);
  return reason === null
    ? { skuId, verdict: "remove", gains: gainsBy(skuId, standing, evidence, world) }
    : { skuId, verdict: "blocked", reason };
}

/** The reason why a put-back or a rollback could not assign the licence again; `null`: it could. */
function whyNoWayBack(
  skuId: Guid,
  standing: Standing,
  { user }: UserEvidence,
  { accepts, catalog }: LicensingWorld,
): BlockReason | null {
  if (accepts?.noWayBack === true) return null;
  if (user.usageLocation === null) return { kind: "no-usage-location" };
  return standing === "ended" ? { kind: "not-assignable-again", skuId, status: catalog.status(skuId) } : null;
}

/** How long a source must last: as long as a direct licence of this standing; `any`: it may end sooner. */
type Lasting = Standing | "any";

/**
 * The plans that the user keeps from declared groups if every direct assignment is removed.
 *
 * @param standing of the direct licence to be replaced; sources that end sooner do not count
 */
export function stayingPlans(evidence: UserEvidence, world: LicensingWorld, standing: Lasting): ReadonlySet<Guid> {
  const plans = new Set<Guid>();
  for (const group of world.declared) {
    if (!evidence.memberOf.has(group.groupId)) continue;
    for (const license of group.licenses) {
      for (const plan of plansFrom(group, license.skuId, standing, evidence, world)) plans.add(plan);
    }
  }
  return plans;
}

function isInherited(skuId: Guid, standing: Lasting, evidence: UserEvidence, world: LicensingWorld): boolean {
  return world.declared.some(
    (group) => evidence.memberOf.has(group.groupId) && surelyGiven(group, skuId, standing, evidence, world) !== null,
  );
}

function plansFrom(
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
  const entry = user.assignments.find((each) => each.skuId === skuId && each.assignedByGroup === group.groupId);
  if (standing !== "any" && endOf(group, skuId, standing, evidence, world) !== null) return null;
  if (now?.processingState !== "ProcessingComplete") return null;
  if (onGroup === undefined || declared === undefined || entry === undefined) return null;
  if (entry.state !== "Active" || entry.error !== null) return null;
  const keptByGroup = catalog.enabledPlans(onGroup);
  const keptByDeclaration = catalog.enabledPlans(declared);
  return [...catalog.enabledPlans(entry)].filter((plan) => keptByGroup.has(plan) && keptByDeclaration.has(plan));
}

function gainsBy(skuId: Guid, standing: Standing, evidence: UserEvidence, world: IndexedWorld): readonly Guid[] {
  const joined = world.declared.filter((group) => evidence.memberOf.has(group.groupId));
  const given = new Set(joined.flatMap((group) => plansFrom(group, skuId, standing, evidence, world)));
  const elsewhere = evidence.user.assignments.filter(
    (entry) => inForce(entry) && (entry.assignedByGroup === null || !world.groupIds.has(entry.assignedByGroup)),
  );
  return missing(given, unionOfPlans(elsewhere, world.catalog));
}

/** The first problem for an administrator to fix. */
function whyBlocked(
  skuId: Guid,
  standing: Standing,
  lost: readonly Guid[],
  evidence: UserEvidence,
  world: LicensingWorld,
): BlockReason {
  const { user, memberOf, nestedIn } = evidence;
  const { catalog } = world;
  if (!catalog.has(skuId)) return { kind: "sku-not-listed", skuId };
  const ends = whatEnds(skuId, standing, lost, evidence, world);
  if (ends !== null) return ends;
  const giving = world.declared.filter((group) => group.licenses.some((license) => license.skuId === skuId));
  const joined = giving.filter((group) => memberOf.has(group.groupId));
  if (joined.length === 0) {
    const covering = coveringGroups(lost, evidence, world);
    if (covering.length > 0) return troubleWith(covering, lost, evidence, world);
    const nested = giving.filter((group) => nestedIn.has(group.groupId));
    return nested.length > 0
      ? { kind: "nested-only", groupIds: ids(nested) }
      : { kind: "not-a-member", groupIds: ids(giving) };
  }
  const entries = joined.flatMap((group) =>
    user.assignments.filter((entry) => entry.skuId === skuId && entry.assignedByGroup === group.groupId),
  );
  for (const entry of entries) {
    const reason = troubleOf(entry);
    if (reason !== null) return reason;
  }
  const settled = joined.every((group) => isSettled(world.groups.get(group.groupId), skuId));
  return entries.length > 0 && settled && lost.length > 0
    ? { kind: "plans-missing", planIds: lost }
    : { kind: "not-yet-inherited", groupIds: ids(joined) };
}

/**
 * The user's groups that are declared to give all lost plans through other SKUs. The reason is then looked for in
 * these groups.
 */
function coveringGroups(
  lost: readonly Guid[],
  { memberOf }: UserEvidence,
  { declared, catalog }: LicensingWorld,
): readonly DeclaredGroup[] {
  const gives = (group: DeclaredGroup, plan: Guid) =>
    group.licenses.some((license) => catalog.enabledPlans(license).has(plan));
  const joined = declared.filter(({ groupId }) => memberOf.has(groupId));
  const isCovered = lost.length > 0 && lost.every((plan) => joined.some((group) => gives(group, plan)));
  return isCovered ? joined.filter((group) => lost.some((plan) => gives(group, plan))) : [];
}

function troubleWith(
  covering: readonly DeclaredGroup[],
  lost: readonly Guid[],
  { user }: UserEvidence,
  { catalog, groups }: LicensingWorld,
): BlockReason {
  const needed = covering.flatMap(({ groupId, licenses }) =>
    licenses
      .filter((license) => lost.some((plan) => catalog.enabledPlans(license).has(plan)))
      .map(({ skuId }) => ({ groupId, skuId })),
  );
  let isThere = true;
  for (const { groupId, skuId } of needed) {
    const entry = user.assignments.find((each) => each.assignedByGroup === groupId && each.skuId === skuId);
    const reason = entry === undefined ? null : troubleOf(entry);
    if (reason !== null) return reason;
    isThere &&= entry !== undefined && isSettled(groups.get(groupId), skuId);
  }
  return isThere ? { kind: "plans-missing", planIds: lost } : { kind: "not-yet-inherited", groupIds: ids(covering) };
}

/** True if a source from the user's groups may end. Checked first, because it is rare and the rest is costly. */
function mayEnd(standing: Standing, evidence: UserEvidence, world: LicensingWorld): boolean {
  return world.declared.some(
    (group) =>
      evidence.memberOf.has(group.groupId) &&
      group.licenses.some(({ skuId }) => endOf(group, skuId, standing, evidence, world) !== null),
  );
}

/**
 * The first source that ends, if the user would keep every plan otherwise; `null`: something else is the problem.
 */
function whatEnds(
  skuId: Guid,
  standing: Standing,
  lost: readonly Guid[],
  evidence: UserEvidence,
  world: LicensingWorld,
): BlockReason | null {
  if (!mayEnd(standing, evidence, world)) return null;
  const isLeft = missing(new Set(lost), stayingPlans(evidence, world, "any")).length > 0;
  if (isLeft || (lost.length === 0 && !isInherited(skuId, "any", evidence, world))) return null;
  for (const group of world.declared.filter(({ groupId }) => evidence.memberOf.has(groupId))) {
    for (const { skuId: givenId } of group.licenses) {
      const given = plansFrom(group, givenId, "any", evidence, world);
      const isNeeded = lost.length === 0 ? givenId === skuId : given.some((plan) => lost.includes(plan));
      const ends = isNeeded ? endOf(group, givenId, standing, evidence, world) : null;
      if (ends !== null) return ends;
    }
  }
  return null;
}

/**
 * Why the group's licence for this SKU may end sooner than a direct licence of the given standing; `null`: it will
 * not.
 */
function endOf(
  { groupId }: DeclaredGroup,
  skuId: Guid,
  standing: Standing,
  { ending }: UserEvidence,
  { catalog, accepts }: LicensingWorld,
): BlockReason | null {
  const given = catalog.standing(skuId);
  const status = catalog.status(skuId);
  if (given === "ended") return { kind: "subscription-ended", skuId, status };
  if (!lastsAsLongAs(given, standing) && accepts?.grace.has(skuId) !== true) {
    return { kind: "subscription-ending", skuId, status };
  }
  const end = ending?.get(groupId);
  if (end === undefined) return null;
  return "unread" in end
    ? { kind: "membership-end-unknown", groupId, detail: end.unread, isForbidden: end.isForbidden }
    : { kind: "membership-ends", groupId, on: end.on };
}

function troubleOf(entry: Assignment): BlockReason | null {
  const groupId = entry.assignedByGroup ?? "";
  if (entry.state === "Error") return { kind: "inherited-in-error", groupId, cause: entry.error ?? "Other" };
  if (entry.state === "ActiveWithError" || (entry.state === "Active" && entry.error !== null)) {
    return { kind: "inherited-active-with-error", groupId, cause: entry.error ?? "Other" };
  }
  return entry.state === "Active" ? null : { kind: "state-unknown", state: entry.state };
}

function isSettled(group: LicensedGroup | undefined, skuId: Guid): boolean {
  return group?.processingState === "ProcessingComplete" && group.licenses.some((license) => license.skuId === skuId);
}

function ids(groups: readonly DeclaredGroup[]): readonly Guid[] {
  return groups.map((group) => group.groupId).sort();
}
