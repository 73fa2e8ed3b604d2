import type { Guid, License } from "./model";

/** A licensing group as the stack file declares it, with ids in place of names. */
export interface DeclaredGroup {
  /** The logical name. */
  readonly name: string;
  readonly groupId: Guid;
  readonly displayName: string;
  readonly licenses: readonly License[];
}

/** Every SKU that some declared group gives. Only direct assignments of these are ever looked at. */
export function declaredSkus(groups: readonly DeclaredGroup[]): ReadonlySet<Guid> {
  return new Set(groups.flatMap((group) => group.licenses.map((license) => license.skuId)));
}
