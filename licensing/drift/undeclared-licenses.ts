import type { Catalog } from "../catalog/catalog";
import { licensesAfterRun } from "../record/licenses-after";
import type { Guid, License } from "../model";
import { formatLicenses } from "../license-patterns";
import type { StackRecord } from "../record/record";
import type { TenantSnapshot } from "../snapshot";
import { counted } from "../counts";

/** A licence on a declared group that is not in the stack file and was not assigned by this stack. */
export interface UndeclaredLicense {
  /** The logical name of the group. */
  readonly group: string;
  readonly groupId: Guid;
  readonly displayName: string;
  readonly license: License;
  /** Number of first-level members. */
  readonly members: number;
}

/** Undeclared licences of declared groups. They are reported and never removed unasked. */
export function undeclaredLicenses(snapshot: TenantSnapshot, record: StackRecord): readonly UndeclaredLicense[] {
  const after = licensesAfterRun(snapshot, record);
  return snapshot.declared.flatMap(({ name, groupId, displayName, licenses }) => {
    const known = new Set(licenses.map(({ skuId }) => skuId));
    const members = snapshot.members.get(groupId)?.size ?? 0;
    return (after.get(groupId) ?? [])
      .filter(({ skuId }) => !known.has(skuId))
      .map((license) => ({ group: name, groupId, displayName, license, members }));
  });
}

export function formatUndeclared(
  { group, displayName, license, members }: UndeclaredLicense,
  catalog: Catalog,
): string {
  const given = formatLicenses([license], catalog);
  const remove = `licensing:groups.${group}.removeLicenses, which takes it off the group unless a user would lose a plan.`;
  // The stack file can't declare a SKU that the tenant does not list.
  if (!catalog.has(license.skuId)) {
    return (
      `${displayName} also carries ${given}, a SKU that the tenant no longer has, and the stack file does not declare it. It stays: ` +
      `no licence is removed from a group unasked. Way out: name it under ${remove}`
    );
  }
  return (
    `${displayName} also gives ${given} to ${counted(members, "member")}, and the stack file ` +
    "does not declare it. It stays on the group, since no licence is removed from a group unasked, and it replaces no direct licence. Ways out: " +
    `declare it as it is under licensing:groups.${group}.licenses; or, if no user needs it, name it under ${remove}`
  );
}
