import type { Guid, License } from "./model";

/** A licensing group as the stack file declares it, with ids in place of names. */
export interface DeclaredGroup {
  /** The logical name. */
  readonly name: string;
  readonly groupId: Guid;
  readonly displayName: string;
  readonly licenses: readonly License[];
  /** SKUs that are taken off the group, whoever put them there; those that are not on it any more are done with. Absent: none. */
  readonly removes?: readonly Guid[];
}

/** Every SKU that some declared group gives. Only direct assignments of these are ever looked at. */
export function declaredSkus(groups: readonly DeclaredGroup[]): ReadonlySet<Guid> {
  return new Set(groups.flatMap((group) => group.licenses.map((license) => license.skuId)));
}
