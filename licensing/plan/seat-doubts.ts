import type { Guid, Removal } from "../model";
import type { SeatReading } from "../preflight/seats";
import { decisionsIn } from "../decision/replacement";
import { evidenceOf, type TenantSnapshot } from "../snapshot";

/**
 * Upper limit of users that may be blocked because seats are missing; Entra decides which. A group gives all of its
 * SKUs or none, so a user without one seat keeps every direct licence that the group was to replace.
 *
 * @param snapshot the predicted tenant that the removals were decided in
 */
export function mayLackSeat(
  removals: readonly Removal[],
  seats: readonly SeatReading[],
  snapshot: TenantSnapshot,
): number {
  const short = seats.filter((reading) => reading.short > 0);
  if (short.length === 0) return 0;
  const atRisk = new Set<Guid>();
  let most = 0;
  for (const reading of short) {
    const here = dependingOn(reading, removals, snapshot);
    for (const userId of here) atRisk.add(userId);
    most += Math.min(reading.short, here.size);
  }
  return Math.min(most, atRisk.size);
}

/** Users with at least one removal that depends on the groups that give them this SKU. */
function dependingOn(
  { newcomers }: SeatReading,
  removals: readonly Removal[],
  snapshot: TenantSnapshot,
): ReadonlySet<Guid> {
  const groups = new Map<Guid, Set<Guid>>();
  for (const { group, userIds } of newcomers) {
    for (const id of userIds) groups.set(id, (groups.get(id) ?? new Set()).add(group.declared.groupId));
  }
  const planned = new Map<Guid, Guid[]>();
  for (const { userId, skuId } of removals) {
    if (groups.has(userId)) planned.set(userId, [...(planned.get(userId) ?? []), skuId]);
  }
  const decide = decisionsIn(snapshot);
  const depending = new Set<Guid>();
  for (const { user, ...evidence } of evidenceOf(snapshot, planned.keys())) {
    const without = user.assignments.filter(({ assignedByGroup }) => !groups.get(user.id)?.has(assignedByGroup ?? ""));
    const left = new Set(
      decide({ ...evidence, user: { ...user, assignments: without } }).flatMap((each) =>
        each.verdict === "remove" ? [each.skuId] : [],
      ),
    );
    if (planned.get(user.id)?.some((skuId) => !left.has(skuId)) === true) depending.add(user.id);
  }
  return depending;
}
