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
  /** It was deleted after this stack had given it its licences: it has no members and gives nothing. Absent: it is there. */
  readonly deleted?: Deletion;
}

/** What Graph tells of a group that is not there any more. */
export interface Deletion {
  /** ISO 8601; `null`: it is not among those that can be restored, or nothing tells. */
  readonly deletedAt: string | null;
  readonly restorableUntil: string | null;
  /** Graph said which; otherwise it may not be asked. */
  readonly isKnown: boolean;
}

/** The groups that are there: what a gate can look at. */
export function present(groups: readonly DeclaredGroup[]): readonly DeclaredGroup[] {
  return groups.filter(({ deleted }) => deleted === undefined);
}

/** Every SKU that some declared group gives. Only direct assignments of these are ever looked at. */
export function declaredSkus(groups: readonly DeclaredGroup[]): ReadonlySet<Guid> {
  return new Set(groups.flatMap((group) => group.licenses.map((license) => license.skuId)));
}
