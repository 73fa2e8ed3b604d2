import { effectivePlans, missing } from "./effective-plans";
import type { Loss } from "./loss";
import type { Guid, License } from "./model";
import type { StackRecord } from "./record";
import type { TenantSnapshot } from "./snapshot";

/** What became of the people whose direct licences are gone. */
export interface MovedUsers {
  /** Still members of a group that should give it, and lacking a plan they had: something is wrong. */
  readonly regressions: readonly Loss[];
  /** No longer members: somebody took them out of the group, and their licence ended, as it should. */
  readonly departures: readonly Guid[];
}

/** Looks again at everybody on record who no longer holds directly what the record says. */
export function lookAtMoved(snapshot: TenantSnapshot, record: StackRecord, accepted: ReadonlySet<Guid>): MovedUsers {
  const regressions: Loss[] = [];
  const departures: Guid[] = [];
  for (const [userId, licenses] of record.baseline) {
    const moved = [...licenses.values()].filter((license) => !holdsDirectly(snapshot, userId, license.skuId));
    const staying = moved.filter((license) => isMemberFor(snapshot, userId, license.skuId));
    const given = plansDeclaredFor(snapshot, userId);
    const lost = lostOf(snapshot, userId, staying).filter((planId) => given.has(planId) && !accepted.has(planId));
    if (lost.length > 0) regressions.push({ userId, planIds: lost });
    if (moved.some(({ skuId }) => isDeclared(snapshot, skuId) && !isMemberFor(snapshot, userId, skuId))) {
      departures.push(userId);
    }
  }
  return { regressions, departures };
}

export function holdsDirectly({ users }: TenantSnapshot, userId: Guid, skuId: Guid): boolean {
  const entries = users.get(userId)?.assignments ?? [];
  return entries.some((entry) => entry.skuId === skuId && entry.assignedByGroup === null);
}

/** Whether the user is a first-level member of a declared group that gives the SKU. */
export function isMemberFor({ declared, members }: TenantSnapshot, userId: Guid, skuId: Guid): boolean {
  return declared.some(
    ({ groupId, licenses }) =>
      licenses.some((license) => license.skuId === skuId) && members.get(groupId)?.has(userId) === true,
  );
}

function isDeclared({ declared }: TenantSnapshot, skuId: Guid): boolean {
  return declared.some(({ licenses }) => licenses.some((license) => license.skuId === skuId));
}

/**
 * What the user's groups are declared to give. A plan outside of it was off in the direct licence when that was removed, or the
 * removal had no proof: an administrator had taken it out since the user was first seen.
 */
function plansDeclaredFor({ declared, members, catalog }: TenantSnapshot, userId: Guid): ReadonlySet<Guid> {
  const groups = declared.filter(({ groupId }) => members.get(groupId)?.has(userId) === true);
  return new Set(groups.flatMap(({ licenses }) => licenses.flatMap((license) => [...catalog.enabledPlans(license)])));
}

function lostOf({ users, catalog }: TenantSnapshot, userId: Guid, licenses: readonly License[]): readonly Guid[] {
  const user = users.get(userId);
  if (user === undefined) return [];
  const wanted = new Set(licenses.flatMap((license) => [...catalog.enabledPlans(license)]));
  return missing(wanted, effectivePlans(user, catalog));
}
