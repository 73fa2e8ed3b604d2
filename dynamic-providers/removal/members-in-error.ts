import type { DeclaredGroup } from "../../licensing/declaration";
import type { Guid } from "../../licensing/model";
import { MEMBERS_IN_ERROR } from "../../licensing/inheritance/reprocessing";
import { REPROCESS } from "../../licensing/decision/block-reason";
import { counted } from "../../licensing/counts";

/** A few newcomers without a seat happen every day; more than these since the plan are something that happens now. */
const MORE_AT_MOST = 5;

/**
 * Why a part of a wave must not begin: the licences of a declared group fail for more members than when the plan was made. Whoever is
 * moved lives on what the group gives, so a group that begins to fail stops the wave. `null`: it may begin. A group that could
 * not tell is passed over, because everybody is proven by a read of their own.
 *
 * @param planned members in error in the plan, by group
 */
export function riseOfErrors(
  declared: readonly DeclaredGroup[],
  planned: Readonly<Record<Guid, number>>,
  inError: ReadonlyMap<Guid, ReadonlySet<Guid>>,
): string | null {
  for (const { groupId, displayName } of declared) {
    const before = planned[groupId] ?? 0;
    const now = inError.get(groupId)?.size ?? 0;
    if (now - before <= MORE_AT_MOST) continue;
    return (
      `${counted(now, "member")} of ${displayName} are in error, and the plan knew of ${before} (${MORE_AT_MOST} more are allowed): the ` +
      `group's licences have begun to fail. See who and why (${MEMBERS_IN_ERROR}; seats, conflicts), mend the cause and ` +
      `${REPROCESS}; then run pulumi up again, which plans anew.`
    );
  }
  return null;
}
