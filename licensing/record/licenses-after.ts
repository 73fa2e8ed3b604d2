import { declaredSkus, type DeclaredGroup } from "../declaration";
import type { LicensesByGroup } from "../loss/loss";
import { oneCallOf } from "../loss/one-call";
import type { Guid, License, LicensedGroup } from "../model";
import type { StackRecord } from "./record";
import type { TenantSnapshot } from "../snapshot";

/** A group's licences after the change: the declared ones and others' SKUs, without the SKUs to take off. */
export function licensesAfter(
  declared: DeclaredGroup,
  now: Pick<LicensedGroup, "licenses">,
  givenBefore: readonly Guid[],
): readonly License[] {
  const skuIds = declaredSkus([declared]);
  const swapped = oneCallOf(declared, now.licenses)?.off.map(({ skuId }) => skuId) ?? [];
  const takenOff = new Set([...givenBefore, ...(declared.removes ?? []), ...swapped]);
  const others = now.licenses.filter(({ skuId }) => !skuIds.has(skuId) && !takenOff.has(skuId));
  return [...declared.licenses, ...others];
}

/** The licences that each declared group will give after this run. Deleted groups give none. */
export function licensesAfterRun(snapshot: TenantSnapshot, record: StackRecord): LicensesByGroup {
  const gone = [...(snapshot.goneGroups ?? [])].map((groupId) => [groupId, []] as const);
  // check: a group that no longer exists gives nothing
  return new Map<Guid, readonly License[]>([
    ...gone,
    ...snapshot.declared.map((group) => {
      const before = record.groupLicenses.get(group.name);
      const given = before?.groupId === group.groupId ? before.given : [];
      const now = snapshot.groups.get(group.groupId) ?? { licenses: [] };
      return [group.groupId, licensesAfter(group, now, given)] as const;
    }),
  ]);
}
