import { skusInScope } from "../declaration";
import { leftTheFile } from "../drift/left-the-file";
import { foresee } from "../plan/foresight";
import type { Guid } from "../model";
import type { MigrationPlan, PlanInput } from "../plan/plan";
import type { SeatReading } from "../preflight/seats";
import { productName } from "../catalog/product-names";
import { countHolders, pairsOf } from "./holders";
import type { PlanDocument } from "./schema";

type Holders = PlanDocument["skus"][number]["now"];

/** Each SKU in scope, or on record and still held directly, with its seats and its users by source, before and after this run. */
export function heldSkus(input: PlanInput, plan: MigrationPlan, isRefused: boolean): PlanDocument["skus"] {
  const { snapshot } = input;
  const { catalog } = snapshot;
  const blocked = pairsOf([
    ...plan.waves.flatMap(({ slices }) => slices.flatMap((slice) => slice.blocked)),
    ...plan.blockedInNoWave,
  ]);
  const running = plan.waves.filter(({ hold }) => hold === null).flatMap(({ slices }) => slices);
  const nothing = { removed: pairsOf([]), restored: pairsOf([]) };
  const change = {
    removed: pairsOf(running.flatMap(({ removals }) => removals)),
    restored: pairsOf(
      running.flatMap(({ restores }) => restores.map(({ userId, license }) => ({ userId, skuId: license.skuId }))),
    ),
  };
  // Groups are changed before waves run, so the predicted licences exist by then.
  const { snapshot: then, trouble } = foresee(input);
  const onRecord = leftTheFile(snapshot, input.record).keys();
  return [...skusInScope(snapshot.declared), ...onRecord].map((skuId) => {
    const sku = catalog.skus.find(({ id }) => id === skuId);
    const { enabled = 0, warning = 0 } = sku?.prepaidUnits ?? {};
    const name = catalog.skuName(skuId);
    return {
      id: skuId,
      name,
      product: (sku && productName(sku)) ?? null,
      // Units in their grace period can still be assigned.
      seats: { total: enabled + warning, used: sku?.consumedUnits ?? 0 },
      subscription: catalog.status(skuId),
      now: countHolders(skuId, snapshot.users.values(), blocked, nothing),
      after: isRefused
        ? null
        : withSeats(countHolders(skuId, then.users.values(), blocked, change), skuId, trouble.seats),
    };
  });
}

/** New users have the SKU only from the group, so missing seats reduce that number. */
function withSeats(after: Holders, skuId: Guid, seats: readonly SeatReading[]): Holders {
  const short = seats.find(({ sku }) => sku.id === skuId)?.short ?? 0;
  return { ...after, inherited: Math.max(0, after.inherited - short) };
}
