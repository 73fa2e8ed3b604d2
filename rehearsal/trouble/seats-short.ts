import type { Guid } from "../../licensing/model";
import { counted } from "../../licensing/counts";
import { declaredGroups } from "./declared-groups";
import type { Scene, Trouble } from "./trouble";

/** Trouble: each declared SKU has `by` seats fewer than its holders and its groups' members need. */
export function seatsShort(by: number, scene: Scene): Trouble {
  const { tenant } = scene.stage.emulator;
  const found: string[] = [];
  return {
    option: `--seats-short ${by}`,
    beforeGroups: () => {
      for (const [skuId, newHolders] of newHoldersBySku(scene)) {
        const { skuPartNumber, seats } = tenant.sku(skuId);
        const needed = tenant.seatsUsed(skuId) + newHolders;
        tenant.setSeats(skuId, Math.max(0, needed - seats.warning - by));
        found.push(
          newHolders === 0
            ? `${skuPartNumber}: no member needs a further seat, so the lack of ${by} affects no user`
            : `${skuPartNumber}: ${counted(needed, "seat is", "seats are")} needed, ${counted(newHolders, "of them is", "of them are")} new, and there are ${by} too few`,
        );
      }
    },
    report: () => {
      const without = tenant
        .users()
        .filter(({ holdings }) => holdings.assignments.some(({ error }) => error === "CountViolation")).length;
      return `${found.join(". ")}. In the end ${counted(without, "member is", "members are")} in error for want of a seat.`;
    },
  };
}

/** Number of existing groups' members without the SKU, by SKU. Groups that the stack will create are not counted. */
function newHoldersBySku(scene: Scene): ReadonlyMap<Guid, number> {
  const { tenant } = scene.stage.emulator;
  const newHolders = new Map<Guid, Set<Guid>>();
  for (const { group, skuIds } of declaredGroups(scene)) {
    for (const skuId of skuIds) {
      const users = newHolders.get(skuId) ?? new Set<Guid>();
      newHolders.set(skuId, users);
      for (const userId of group?.userMembers ?? []) {
        const { assignments, hidden } = tenant.user(userId).holdings;
        const isHeld = [...assignments.filter(({ state }) => state.startsWith("Active")), ...hidden];
        if (!isHeld.some((held) => held.skuId === skuId)) users.add(userId);
      }
    }
  }
  return new Map([...newHolders].map(([skuId, users]) => [skuId, users.size]));
}
