import type { Guid, License } from "./model";

/** A licensing group as the stack file declares it, with ids in place of names. */
export interface DeclaredGroup {
  /** The logical name. */
  readonly name: string;
  readonly groupId: Guid;
  readonly displayName: string;
  readonly licenses: readonly License[];
  /**
   * SKUs to take off the group, including those that this stack did not put there. Already removed ones need
   * nothing more. Default: none.
   */
  readonly removes?: readonly Guid[];
  /** Set when the group was deleted after this stack had licensed it: it has no members and gives nothing. */
  readonly deleted?: Deletion;
}

/** What Graph says about a deleted group. */
export interface Deletion {
  /** ISO 8601; `null`: not among the groups that can be restored, or unknown. */
  readonly deletedAt: string | null;
  readonly restorableUntil: string | null;
  /** False where the app may not read deleted groups. */
  readonly isKnown: boolean;
}

/** The groups that still exist; the gate checks these. */
export function present(groups: readonly DeclaredGroup[]): readonly DeclaredGroup[] {
  return groups.filter(({ deleted }) => deleted === undefined);
}

/** The SKUs that at least one declared group gives. Direct assignments of other SKUs are never touched. */
export function declaredSkus(groups: readonly DeclaredGroup[]): ReadonlySet<Guid> {
  return new Set(groups.flatMap((group) => group.licenses.map((license) => license.skuId)));
}
