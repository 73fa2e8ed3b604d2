import { SET_USAGE_LOCATION } from "../decision/remedy";
import type { Finding } from "../finding";
import type { Guid, License, Removal } from "../model";
import type { TenantSnapshot } from "../snapshot";
import { counted, countByName, formatCounts } from "../counts";

/** Removals and restores of one slice of a wave. */
export interface MovesOfSlice {
  readonly removals: readonly Removal[];
  readonly restores: readonly { readonly userId: Guid; readonly license: License }[];
  /** Direct licences that a swap added, which go in the call that restores. */
  readonly takesBack: readonly Removal[];
}

/**
 * Warns about users without usageLocation: Entra assigns nothing directly to them, so a removed licence could not
 * be put back. Relevant if `acceptNoWayBack` unblocks them, and before a rollback.
 */
export function noWayBackFindings(
  slices: readonly MovesOfSlice[],
  { users, catalog }: TenantSnapshot,
): readonly Finding[] {
  const nowhere = ({ userId }: { readonly userId: Guid }) => users.get(userId)?.usageLocation === null;
  const taken = slices.flatMap(({ removals }) => removals).filter(nowhere);
  const back = slices.flatMap(({ restores }) => restores).filter(nowhere);
  return [
    ...finding(taken, (who, what) => ({
      message:
        `${who} no usageLocation, and a wave removes direct licences from them (${what}). Entra assigns nothing directly while it is missing: ` +
        "neither the wave itself nor a rollback could put them back. What a group gives goes by the tenant's country and stays.",
      remedy: `${SET_USAGE_LOCATION} before their wave runs.`,
    })),
    ...finding(
      back.map(({ userId, license: { skuId } }) => ({ userId, skuId })),
      (who, what) => ({
        message: `${who} no usageLocation, and a rollback is to give them direct licences back (${what}). Entra assigns nothing directly while it is missing.`,
        remedy: `${SET_USAGE_LOCATION} before the rollback: a user that Entra has refused is not tried again.`,
      }),
    ),
  ];

  function finding(
    moves: readonly Removal[],
    words: (who: string, what: string) => Pick<Finding, "message" | "remedy">,
  ): readonly Finding[] {
    const userIds = [...new Set(moves.map(({ userId }) => userId))].sort();
    if (userIds.length === 0) return [];
    const what = formatCounts(countByName(moves.map(({ skuId }) => catalog.skuName(skuId))));
    const count = userIds.length;
    return [
      {
        code: "no-way-back",
        severity: "warning",
        about: "",
        count,
        userIds,
        ...words(counted(count, "user has", "users have"), what),
      },
    ];
  }
}
