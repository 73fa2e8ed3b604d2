import type { Finding } from "../finding";
import type { Guid } from "../model";
import type { Removal, SlicePlan } from "../plan";
import type { TenantSnapshot } from "../snapshot";
import { counted, tally, wordsOfTally } from "../tally";

/** The one step that no run does: whose country somebody is in is not this program's to say. */
export const SET_USAGE_LOCATION =
  "Set usageLocation (Entra admin center: Users, the user, Edit properties, Settings; Graph: PATCH /users/{id} with usageLocation, the " +
  "country in two letters)";

/**
 * Users to whom Entra assigns nothing directly, because they have no usageLocation: what is taken from them can't be put back.
 *
 * Nobody is blocked for it. A removal rests on the proof that everything stays, which a location does not make better or worse, and a
 * user who is never moved for want of it would be left behind without a way to tell them from those who would lose something. The
 * way back is the second line, for what no proof can see; who is without it should be told while it costs one field.
 */
export function noWayBackFindings(
  slices: readonly Pick<SlicePlan, "removals" | "restores">[],
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
        remedy: `${SET_USAGE_LOCATION} before the rollback: whom Entra has refused it does not try again.`,
      }),
    ),
  ];

  function finding(
    moves: readonly Removal[],
    words: (who: string, what: string) => Pick<Finding, "message" | "remedy">,
  ): readonly Finding[] {
    const userIds = [...new Set(moves.map(({ userId }) => userId))].sort();
    if (userIds.length === 0) return [];
    const what = wordsOfTally(tally(moves.map(({ skuId }) => catalog.skuName(skuId))));
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
