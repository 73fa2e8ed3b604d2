import type { BlockReason } from "./block-reason";
import type { Catalog } from "./catalog";
import { declaredSkus, type DeclaredGroup } from "./declaration";
import { inForce, missing, unionOfPlans } from "./effective-plans";
import type { Assignment, Guid, LicensedGroup, LicensedUser } from "./model";

/** What the decision about one user rests on. */
export interface UserEvidence {
  readonly user: LicensedUser;
  /** Declared groups that the user is a first-level member of. */
  readonly memberOf: ReadonlySet<Guid>;
  /** Declared groups that the user is in only through a nested group. */
  readonly nestedIn: ReadonlySet<Guid>;
}

/** What the decisions about all users rest on. */
export interface LicensingWorld {
  readonly declared: readonly DeclaredGroup[];
  readonly groups: ReadonlyMap<Guid, LicensedGroup>;
  readonly catalog: Catalog;
}

/** What may happen to a user's direct assignment of one declared SKU. */
export type SkuDecision =
  /** `gains`: plans that the groups give with this SKU and the user has from nowhere else. Allowed, and reported. */
  | { readonly skuId: Guid; readonly verdict: "remove"; readonly gains: readonly Guid[] }
  | { readonly skuId: Guid; readonly verdict: "inherited" }
  | { readonly skuId: Guid; readonly verdict: "blocked"; readonly reason: BlockReason };

/**
 * Decides for each declared SKU that the user holds: remove the direct assignment, nothing to remove, or blocked.
 *
 * The rule: every plan that the direct assignment enables (and that applies to users) must be enabled by what stays,
 * taken together over all assignments that are `Active`, without error, and come from a declared group that the user
 * is a first-level member of. An assignment entry alone proves nothing, because Entra keeps entries of people who have
 * left; membership and the group's own licence must say the same.
 */
export function decideUser(evidence: UserEvidence, world: LicensingWorld): readonly SkuDecision[] {
  return decisionsIn(world)(evidence);
}

/** The same for many users of one world: what is true of all of them is worked out once. */
export function decisionsIn(world: LicensingWorld): (evidence: UserEvidence) => readonly SkuDecision[] {
  const indexed: IndexedWorld = {
    ...world,
    skuIds: declaredSkus(world.declared),
    groupIds: new Set(world.declared.map(({ groupId }) => groupId)),
  };
  return (evidence) => decide(evidence, indexed);
}

interface IndexedWorld extends LicensingWorld {
  /** What is declared, by id. */
  readonly skuIds: ReadonlySet<Guid>;
  readonly groupIds: ReadonlySet<Guid>;
}

function decide(evidence: UserEvidence, world: IndexedWorld): readonly SkuDecision[] {
  const staying = stayingPlans(evidence, world);
  const decisions: SkuDecision[] = [];
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
  staying: ReadonlySet<Guid>,
  evidence: UserEvidence,
  world: IndexedWorld,
): SkuDecision {
  const needed = new Set(direct.flatMap((entry) => [...world.catalog.enabledPlans(entry)]));
  const lost = missing(needed, staying);
  // Of a licence with nothing on, no plan tells that it is replaced: then the SKU itself has to be inherited.
  const isReplaced = needed.size > 0 ? lost.length === 0 : isInherited(skuId, evidence, world);
  // A SKU that the tenant no longer lists has no known plans: an empty need would look covered, and is unknown instead.
  if (isReplaced && world.catalog.has(skuId)) {
    return { skuId, verdict: "remove", gains: gainsBy(skuId, evidence, world) };
  }
  return { skuId, verdict: "blocked", reason: whyBlocked(skuId, lost, evidence, world) };
}

/** The plans that are on whatever happens to the direct assignments. */
export function stayingPlans(evidence: UserEvidence, world: LicensingWorld): ReadonlySet<Guid> {
  const plans = new Set<Guid>();
  for (const group of world.declared) {
    if (!evidence.memberOf.has(group.groupId)) continue;
    for (const license of group.licenses) {
      for (const plan of plansFrom(group, license.skuId, evidence, world)) plans.add(plan);
    }
  }
  return plans;
}

function isInherited(skuId: Guid, evidence: UserEvidence, world: LicensingWorld): boolean {
  return world.declared.some(
    (group) => evidence.memberOf.has(group.groupId) && surelyGiven(group, skuId, evidence, world) !== null,
  );
}

function plansFrom(group: DeclaredGroup, skuId: Guid, evidence: UserEvidence, world: LicensingWorld): readonly Guid[] {
  return surelyGiven(group, skuId, evidence, world) ?? [];
}

/**
 * The plans of a SKU that one group surely gives this user: in the entry, on the group, and in the declaration. `null`: it does
 * not surely give the SKU.
 */
function surelyGiven(
  group: DeclaredGroup,
  skuId: Guid,
  { user }: UserEvidence,
  { groups, catalog }: LicensingWorld,
): readonly Guid[] | null {
  const now = groups.get(group.groupId);
  const onGroup = now?.licenses.find((license) => license.skuId === skuId);
  const declared = group.licenses.find((license) => license.skuId === skuId);
  const entry = user.assignments.find((each) => each.skuId === skuId && each.assignedByGroup === group.groupId);
  if (now?.processingState !== "ProcessingComplete") return null;
  if (onGroup === undefined || declared === undefined || entry === undefined) return null;
  if (entry.state !== "Active" || entry.error !== null) return null;
  const keptByGroup = catalog.enabledPlans(onGroup);
  const keptByDeclaration = catalog.enabledPlans(declared);
  return [...catalog.enabledPlans(entry)].filter((plan) => keptByGroup.has(plan) && keptByDeclaration.has(plan));
}

function gainsBy(skuId: Guid, evidence: UserEvidence, world: IndexedWorld): readonly Guid[] {
  const joined = world.declared.filter((group) => evidence.memberOf.has(group.groupId));
  const given = new Set(joined.flatMap((group) => plansFrom(group, skuId, evidence, world)));
  const elsewhere = evidence.user.assignments.filter(
    (entry) => inForce(entry) && (entry.assignedByGroup === null || !world.groupIds.has(entry.assignedByGroup)),
  );
  return missing(given, unionOfPlans(elsewhere, world.catalog));
}

/** The first thing that an administrator has to mend. */
function whyBlocked(
  skuId: Guid,
  lost: readonly Guid[],
  { user, memberOf, nestedIn }: UserEvidence,
  world: LicensingWorld,
): BlockReason {
  const giving = world.declared.filter((group) => group.licenses.some((license) => license.skuId === skuId));
  const joined = giving.filter((group) => memberOf.has(group.groupId));
  if (joined.length === 0) {
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
