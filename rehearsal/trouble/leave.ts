import { isDirect, type Guid } from "../../licensing/model";
import { counted } from "../../licensing/counts";
import { atARemoval, formatMiddle } from "./at-a-removal";
import { declaredGroups } from "./declared-groups";
import type { Scene, Trouble } from "./trouble";

interface Leaver {
  readonly userId: Guid;
  /** SKUs that the user held directly and also inherited from the group. */
  readonly skuIds: readonly Guid[];
}

interface Mover {
  readonly userId: Guid;
  /** The plans of the old group. */
  readonly planIds: readonly Guid[];
}

/** Trouble: users leave their licensing group during a wave, before the wave has reached them. */
export function leave(count: number, scene: Scene): Trouble {
  const { tenant } = scene.stage.emulator;
  let moment = "";
  let left: readonly Leaver[] = [];
  const movers: Mover[] = [];
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

  /** Users that are in both groups of a move are taken out of the new one, right before they would leave the old one. */
  function leaveNewGroups(): void {
    const groups = new Map(declaredGroups(scene).map(({ name, group }) => [name, group]));
    for (const move of scene.stackFile.moves) {
      const [from, to] = [groups.get(move.from), groups.get(move.to)];
      if (!from || !to) continue;
      const both = [...from.userMembers].filter((userId) => to.userMembers.has(userId)).sort();
      for (const userId of both.reverse().slice(0, count - movers.length)) {
        movers.push({ userId, planIds: plansFrom(userId, from.id) });
        tenant.leaveGroup(userId, to.id);
      }
    }
  }

  /** The plans that the user has from a group. */
  function plansFrom(userId: Guid, groupId: Guid): readonly Guid[] {
    const entries = tenant.user(userId).holdings.assignments.filter((each) => each.assignedByGroup === groupId);
    return entries.flatMap((each) => [...scene.catalog.enabledPlans(each)]);
  }

  function formatMovers(): string {
    const kept = movers.filter(({ userId, planIds }) => {
      const now = new Set(tenant.effectivePlans(userId));
      return planIds.every((planId) => now.has(planId));
    });
    return (
      `${counted(movers.length, "user was", "users were")} taken out of the new group ${moment}: ` +
      `${counted(kept.length, "of them has", "of them have")} every plan of the old group still.`
    );
  }

  return {
    option: `--leave ${count}`,
    inTheMiddleOf: (middle) => {
      moment = formatMiddle(middle);
      atARemoval(scene.stage.emulator, middle, middle.of === "removals" ? leaveNow : leaveNewGroups);
    },
    report: () => {
      if (movers.length > 0) return formatMovers();
      if (left.length === 0) return "No user left: no wave had a member to move.";
      const kept = left.filter(({ userId, skuIds }) => skuIds.every((skuId) => directly(userId).includes(skuId)));
      return (
        `${counted(left.length, "user")} left their licensing group ${moment}: ` +
        `${counted(kept.length, "of them holds", "of them hold")} the direct licence still, and so lost nothing of it.`
      );
    },
  };
}
