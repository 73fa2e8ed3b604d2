import { BY_ASSIGN_LICENSE, SET_USAGE_LOCATION } from "../decision/remedy";
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
 * Warns about users to whom nothing can be assigned directly: those without usageLocation, if `acceptNoWayBack` unblocks
 * them and before a rollback; and those that a restricted administrative unit keeps from the app, before a rollback.
 */
export function noWayBackFindings(
  slices: readonly MovesOfSlice[],
  { users, catalog }: TenantSnapshot,
): readonly Finding[] {
  const have = (count: number) => counted(count, "user has", "users have");
  const nowhere = ({ userId }: { readonly userId: Guid }) => users.get(userId)?.usageLocation === null;
  const taken = slices.flatMap(({ removals }) => removals).filter(nowhere);
  const restores = slices.flatMap((slice) =>
    slice.restores.map(({ userId, license: { skuId } }) => ({ userId, skuId })),
  );
  return [
    ...finding(taken, (count, what) => ({
      message:
        `${have(count)} no usageLocation, and a wave removes direct licences from them (${what}). Entra assigns nothing directly while it is missing: ` +
        "neither the wave itself nor a rollback could put them back. What a group gives goes by the tenant's country and stays.",
      remedy: `${SET_USAGE_LOCATION} before their wave runs.`,
    })),
    ...finding(restores.filter(nowhere), (count, what) => ({
      message: `${have(count)} no usageLocation, and a rollback is to give them direct licences back (${what}). Entra assigns nothing directly while it is missing.`,
      remedy: `${SET_USAGE_LOCATION} before the rollback: a user that Entra has refused is not tried again.`,
    })),
    ...finding(
      restores.filter(({ userId }) => users.get(userId)?.isManagementRestricted === true),
      (count, what) => ({
        message: `${counted(count, "user is", "users are")} in a restricted management administrative unit, and a rollback is to give them direct licences back (${what}). Only an application with a role in that unit may write to them.`,
        remedy: `Have an administrator of the unit assign the licences ${BY_ASSIGN_LICENSE}, or take the users out of the unit.`,
      }),
    ),
  ];

  function finding(
    moves: readonly Removal[],
    words: (count: number, what: string) => Pick<Finding, "message" | "remedy">,
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
        ...words(count, what),
      },
    ];
  }
}
