import type { Catalog } from "../catalog/catalog";
import type { DeclaredGroup } from "../declaration";
import { inForce, missing } from "../effective-plans";
import type { Guid, License, LicensedUser } from "../model";
import type { OwnGroups } from "../stack-file/own-group";
import type { TenantSnapshot } from "../snapshot";

/** Who becomes a member of a group in this run, because the stack file says so. */
export interface Joining {
  readonly userIds: ReadonlySet<Guid>;
  /** Users who hold all SKUs of the group directly, with plans on that no group gives which they could join: they stay where they are. */
  readonly uncovered: ReadonlySet<Guid>;
}

/** By group id; groups whose members are not this stack's to choose are absent. */
export type JoiningByGroup = ReadonlyMap<Guid, Joining>;

/** Members are added and never removed: whoever is in a group already has nothing to join. */
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
 * The groups that one holder of direct licences joins. Of those that give all that is on in the licence, and nothing of a SKU that the
 * user does not hold, it is the one that gives the fewest plans besides: of two groups for two patterns of a SKU each user gets
 * the own pattern. Who is a member of a declared group that covers the licence joins none for it. A user whom one of them excepts is left as
 * the stack file says, and not reported as uncovered.
 */
function groupsForHolder(
  user: LicensedUser,
  forHolders: readonly DeclaredGroup[],
  { declared, members, catalog }: TenantSnapshot,
  isExcepted: (group: DeclaredGroup) => boolean,
): { readonly groups: ReadonlySet<Guid>; readonly uncovered: ReadonlySet<Guid> } {
  const direct = user.assignments.filter((entry) => entry.assignedByGroup === null && inForce(entry));
  const groups = new Set<Guid>();
  const uncovered = new Set<Guid>();
  for (const license of direct) {
    const giving = (group: DeclaredGroup) => group.licenses.some(({ skuId }) => skuId === license.skuId);
    const mine = declared.filter((group) => giving(group) && members.get(group.groupId)?.has(user.id) === true);
    if (mine.some((group) => covers(group, license, catalog))) continue;
    const open = forHolders.filter((group) => giving(group) && holdsAll(direct, group) && !mine.includes(group));
    const covering = open.filter(
      (group) => !isExcepted(group) && direct.every((each) => isOutside(group, each) || covers(group, each, catalog)),
    );
    const best = covering.sort((a, b) => gains(a, direct, catalog) - gains(b, direct, catalog))[0];
    if (best !== undefined) groups.add(best.groupId);
    else if (!open.some(isExcepted)) for (const { groupId } of open) uncovered.add(groupId);
  }
  return { groups, uncovered };
}

function isOutside(group: DeclaredGroup, { skuId }: License): boolean {
  return group.licenses.every((license) => license.skuId !== skuId);
}

/** Entra gives a member all SKUs of a group: whoever lacks one would be given it, and take a seat. */
function holdsAll(direct: readonly License[], group: DeclaredGroup): boolean {
  return group.licenses.every(({ skuId }) => direct.some((license) => license.skuId === skuId));
}

function covers(group: DeclaredGroup, license: License, catalog: Catalog): boolean {
  const given = group.licenses.find(({ skuId }) => skuId === license.skuId);
  return given !== undefined && missing(catalog.enabledPlans(license), catalog.enabledPlans(given)).length === 0;
}

/** How many plans the group gives that are off in the direct licences. */
function gains(group: DeclaredGroup, direct: readonly License[], catalog: Catalog): number {
  const on = new Set(direct.flatMap((license) => [...catalog.enabledPlans(license)]));
  return missing(new Set(group.licenses.flatMap((license) => [...catalog.enabledPlans(license)])), on).length;
}
