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
  /** SKUs to take off in the call that adds licences which they exclude; see `oneCallOf`. Default: none. */
  readonly swaps?: readonly Guid[];
  /** SKUs that this group's licences replace: their direct licences go as if the group gave them. Default: none. */
  readonly replaces?: readonly Replaced[];
  /** Set when the group was deleted after this stack had licensed it: it has no members and gives nothing. */
  readonly deleted?: Deletion;
}

/** A SKU that one of the group's licences replaces. */
export interface Replaced {
  readonly skuId: Guid;
  /** The licence of the group that names it. */
  readonly by: Guid;
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

/** The SKUs that at least one declared group gives. */
export function declaredSkus(groups: readonly DeclaredGroup[]): ReadonlySet<Guid> {
  return new Set(groups.flatMap((group) => group.licenses.map((license) => license.skuId)));
}

/** The SKUs that a group gives or replaces. Direct assignments of other SKUs are never touched. */
export function skusInScope(groups: readonly DeclaredGroup[]): ReadonlySet<Guid> {
  const replaced = groups.flatMap(({ replaces = [] }) => replaces.map(({ skuId }) => skuId));
  return new Set([...declaredSkus(groups), ...replaced]);
}

/**
 * The SKUs whose direct assignments may go from one user: those that any group gives, so that holders outside of the
 * groups are listed, and those that the user's own groups replace. Other holders of a replaced SKU are not concerned.
 *
 * @returns takes whether the user is in a group, through a nested group or not
 */
export function scopeByUser(groups: readonly DeclaredGroup[]): (isIn: (groupId: Guid) => boolean) => ReadonlySet<Guid> {
  const declared = declaredSkus(groups);
  const replacing = groups.filter(({ replaces = [] }) => replaces.length > 0);
  const known = new Map<string, ReadonlySet<Guid>>();
  return (isIn) => {
    // check: a replaced SKU goes from the members of the group that replaces it
    const mine = replacing.filter(({ groupId }) => isIn(groupId));
    if (mine.length === 0) return declared;
    const key = mine.map(({ groupId }) => groupId).join();
    const scope = known.get(key) ?? new Set([...declared, ...skusInScope(mine)]);
    known.set(key, scope);
    return scope;
  };
}

/** The group's licences that give this SKU or replace it. */
export function givingInstead({ licenses, replaces = [] }: DeclaredGroup, skuId: Guid): readonly License[] {
  const by = new Set(replaces.filter((each) => each.skuId === skuId).map((each) => each.by));
  return licenses.filter((license) => license.skuId === skuId || by.has(license.skuId));
}
