import type { BlockReason } from "./block-reason";
import type { Standing } from "../catalog/subscription";
import { givingInstead, type DeclaredGroup } from "../declaration";
import type { Assignment, Guid, LicensedGroup } from "../model";
import type { LicensingWorld, UserEvidence } from "../snapshot";
import { endOf, isInherited, plansFrom, stayingPlans } from "./staying";

/** The first problem for an administrator to fix. */
export function whyBlocked(
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
  const giving = givingGroups(skuId, world);
  const joined = giving.filter((group) => memberOf.has(group.groupId));
  if (joined.length === 0) {
    const covering = coveringGroups(lost, evidence, world);
    if (covering.length > 0) return troubleWith(covering, lost, evidence, world);
    const nested = giving.filter((group) => nestedIn.has(group.groupId));
    return nested.length > 0
      ? { kind: "nested-only", groupIds: ids(nested) }
      : { kind: "not-a-member", groupIds: ids(giving) };
  }
  const given = joined.flatMap((group) =>
    givingInstead(group, skuId).map((license) => ({ group, skuId: license.skuId })),
  );
  const entries = given.flatMap(({ group, skuId: givenId }) =>
    user.assignments.filter((entry) => entry.skuId === givenId && entry.assignedByGroup === group.groupId),
  );
  for (const entry of entries) {
    const reason = troubleOf(entry);
    if (reason !== null) return reason;
  }
  const settled = given.every(({ group, skuId: givenId }) => isSettled(world.groups.get(group.groupId), givenId));
  // A replacing SKU may need another one beside it, such as Teams: the reason is then looked for there.
  const covering = given.some((each) => each.skuId !== skuId) ? coveringGroups(lost, evidence, world) : [];
  if (covering.length > 0) return troubleWith(covering, lost, evidence, world);
  if (entries.length === 0 || !settled || lost.length === 0) {
    return { kind: "not-yet-inherited", groupIds: ids(joined) };
  }
  // The plans of a SKU that the tenant no longer lists are unknown: it may have been the one to give these.
  const gone = joined.flatMap(({ licenses }) => licenses).find((license) => !catalog.has(license.skuId));
  return gone === undefined
    ? { kind: "plans-missing", planIds: lost }
    : { kind: "subscription-ended", skuId: gone.skuId, status: catalog.status(gone.skuId) };
}

/** The reason for a SKU that the plan took up and that no group of the user replaces any more. */
export function whyNotInScope(skuId: Guid, world: LicensingWorld): BlockReason {
  return { kind: "not-a-member", groupIds: ids(givingGroups(skuId, world)) };
}

function givingGroups(skuId: Guid, { declared }: LicensingWorld): readonly DeclaredGroup[] {
  return declared.filter((group) => givingInstead(group, skuId).length > 0);
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
    group.licenses.some((license) => catalog.keptAs(plan, catalog.enabledPlans(license)) !== null);
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
      .filter((license) => lost.some((plan) => catalog.keptAs(plan, catalog.enabledPlans(license)) !== null))
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
  const isLeft = world.catalog.uncovered(new Set(lost), stayingPlans(evidence, world, "any")).length > 0;
  if (isLeft || (lost.length === 0 && !isInherited(skuId, "any", evidence, world))) return null;
  for (const group of world.declared.filter(({ groupId }) => evidence.memberOf.has(groupId))) {
    const instead = new Set(givingInstead(group, skuId).map((license) => license.skuId));
    for (const { skuId: givenId } of group.licenses) {
      const given = new Set(plansFrom(group, givenId, "any", evidence, world));
      const isNeeded =
        lost.length === 0 ? instead.has(givenId) : lost.some((plan) => world.catalog.keptAs(plan, given) !== null);
      const ends = isNeeded ? endOf(group, givenId, standing, evidence, world) : null;
      if (ends !== null) return ends;
    }
  }
  return null;
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
