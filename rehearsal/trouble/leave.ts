import { isDirect, type Guid } from "../../licensing/model";
import { counted } from "../../licensing/counts";
import { atARemoval, middleOf } from "./at-a-removal";
import { declaredGroups } from "./declared-groups";
import type { Scene, Trouble } from "./trouble";

interface Leaver {
  readonly userId: Guid;
  /** SKUs that the user held directly and also inherited from the group. */
  readonly skuIds: readonly Guid[];
}

/** Trouble: users leave their licensing group during a wave, before the wave has reached them. */
export function leave(count: number, scene: Scene): Trouble {
  const { tenant } = scene.stage.emulator;
  let moment = "";
  let left: readonly Leaver[] = [];
  const directly = (userId: Guid) =>
    tenant.user(userId).holdings.assignments.flatMap((each) => (isDirect(each) ? [each.skuId] : []));

  function leaveNow(): void {
    const leavers = new Map<Guid, Leaver>();
    for (const { group, skuIds } of declaredGroups(scene)) {
      // The wave works in order of id, so it has not yet written to the last users.
      for (const userId of [...(group?.userMembers ?? [])].sort().reverse()) {
        if (group === null || leavers.size === count) break;
        const affected = directly(userId).filter((skuId) => skuIds.has(skuId));
        if (affected.length === 0 || leavers.has(userId)) continue;
        leavers.set(userId, { userId, skuIds: affected });
        tenant.leaveGroup(userId, group.id);
      }
    }
    left = [...leavers.values()];
  }

  return {
    option: `--leave ${count}`,
    inTheMiddleOf: (wave, afterRemovals) => {
      moment = middleOf(wave, afterRemovals);
      atARemoval(scene.stage.emulator, afterRemovals, leaveNow);
    },
    report: () => {
      if (left.length === 0) return "No user left: no wave had a member to move.";
      const kept = left.filter(({ userId, skuIds }) => skuIds.every((skuId) => directly(userId).includes(skuId)));
      return (
        `${counted(left.length, "user")} left their licensing group ${moment}: ` +
        `${counted(kept.length, "of them holds", "of them hold")} the direct licence still, and so lost nothing of it.`
      );
    },
  };
}
