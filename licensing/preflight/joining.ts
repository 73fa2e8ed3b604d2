import type { Catalog } from "../catalog/catalog";
import type { DeclaredGroup } from "../declaration";
import { isDirectInForce, missing } from "../effective-plans";
import type { Guid, License, LicensedUser } from "../model";
import type { OwnGroups } from "../stack-file/own-group";
import type { TenantSnapshot } from "../snapshot";

/** Users that this run adds to a group, as declared. */
export interface Joining {
  readonly userIds: ReadonlySet<Guid>;
  /**
   * Direct holders of all of the group's SKUs that no group covers: they have plans enabled that it does not give.
   * They are not added.
   */
  readonly uncovered: ReadonlySet<Guid>;
}

/** By group id; groups with members managed elsewhere are absent. */
export type JoiningByGroup = ReadonlyMap<Guid, Joining>;

/** Computes the users to add. Present members are skipped, and no member is ever removed. */
export function joiningOf(own: OwnGroups, snapshot: TenantSnapshot): JoiningByGroup {
  const joining = new Map<Guid, { readonly userIds: Set<Guid>; readonly uncovered: Set<Guid> }>();
  for (const { groupId, members } of own.values()) {
    if (members.kind === "rule" || members.kind === "none") continue;
    const wanted = members.kind === "users" ? members.userIds : [];
    const there = snapshot.members.get(groupId) ?? new Set<Guid>();
    joining.set(groupId, { userIds: new Set([...wanted].filter((id) => !there.has(id))), uncovered: new Set() });
  }
  const forHolders = snapshot.declared.filter((group) => own.get(group.name)?.members.kind === "direct-holders");
  const isExcepted = exceptionsIn(own);
  for (const user of forHolders.length === 0 ? [] : snapshot.users.values()) {
    const { groups, uncovered } = groupsForHolder(user, forHolders, snapshot, (group) => isExcepted(group, user.id));
    for (const groupId of groups) joining.get(groupId)?.userIds.add(user.id);
    for (const groupId of uncovered) joining.get(groupId)?.uncovered.add(user.id);
  }
  return joining;
}

function exceptionsIn(own: OwnGroups): (group: DeclaredGroup, userId: Guid) => boolean {
  const excepted = new Map(
    [...own.values()].flatMap(({ name, members }) =>
      members.kind === "direct-holders" && members.except !== undefined ? [[name, members.except] as const] : [],
    ),
  );
  return ({ name }, userId) => excepted.get(name)?.has(userId) === true;
}

/**
 * The groups that a direct holder joins: for each licence the one that covers it with the fewest extra plans, and of
 * equal ones the one that covers more of the user's other licences; none gives a SKU that the user lacks. Users already
 * in a covering group join none; excepted users join none and are not reported.
 */
function groupsForHolder(
  user: LicensedUser,
  forHolders: readonly DeclaredGroup[],
  { declared, members, catalog }: TenantSnapshot,
  isExcepted: (group: DeclaredGroup) => boolean,
): { readonly groups: ReadonlySet<Guid>; readonly uncovered: ReadonlySet<Guid> } {
  const direct = user.assignments.filter((entry) => isDirectInForce(entry));
  const uncovered = new Set<Guid>();
  const open: OpenLicense[] = [];
  for (const license of direct) {
    const giving = (group: DeclaredGroup) => group.licenses.some(({ skuId }) => skuId === license.skuId);
    const mine = declared.filter((group) => giving(group) && members.get(group.groupId)?.has(user.id) === true);
    if (mine.some((group) => covers(group, license, catalog))) continue;
    const possible = forHolders.filter((group) => giving(group) && holdsAll(direct, group) && !mine.includes(group));
    const covering = possible.filter(
      (group) => !isExcepted(group) && direct.every((each) => isOutside(group, each) || covers(group, each, catalog)),
    );
    if (covering.length > 0) open.push({ covering });
    else if (!possible.some(isExcepted)) for (const { groupId } of possible) uncovered.add(groupId);
  }
  return { groups: fewestGroups(open, (group) => gains(group, direct, catalog)), uncovered };
}

interface OpenLicense {
  /** The groups that would cover it, at least one. */
  readonly covering: readonly DeclaredGroup[];
}

/** One group of a SKU where one is enough: an add-on, which fewer groups give, decides before its base. */
function fewestGroups(open: readonly OpenLicense[], gainsOf: (group: DeclaredGroup) => number): ReadonlySet<Guid> {
  const groups = new Set<Guid>();
  let left = [...open].sort((a, b) => a.covering.length - b.covering.length);
  while (left.length > 0) {
    const coveredBy = (group: DeclaredGroup) => left.filter(({ covering }) => covering.includes(group)).length;
    const [best] = [...(left[0]?.covering ?? [])].sort(
      (a, b) => gainsOf(a) - gainsOf(b) || coveredBy(b) - coveredBy(a),
    );
    if (best === undefined) throw new Error("an open licence has a group that covers it");
    groups.add(best.groupId);
    left = left.filter(({ covering }) => !covering.includes(best));
  }
  return groups;
}

function isOutside(group: DeclaredGroup, { skuId }: License): boolean {
  return group.licenses.every((license) => license.skuId !== skuId);
}

/** Entra gives a member all SKUs of the group, so a user without one of them would get it and take a seat. */
function holdsAll(direct: readonly License[], group: DeclaredGroup): boolean {
  return group.licenses.every(({ skuId }) => direct.some((license) => license.skuId === skuId));
}

function covers(group: DeclaredGroup, license: License, catalog: Catalog): boolean {
  const given = group.licenses.find(({ skuId }) => skuId === license.skuId);
  return given !== undefined && missing(catalog.enabledPlans(license), catalog.enabledPlans(given)).length === 0;
}

/** Number of plans that the group gives and the direct licences do not enable. */
function gains(group: DeclaredGroup, direct: readonly License[], catalog: Catalog): number {
  const on = new Set(direct.flatMap((license) => [...catalog.enabledPlans(license)]));
  return missing(new Set(group.licenses.flatMap((license) => [...catalog.enabledPlans(license)])), on).length;
}
