import type { Guid, Removal } from "../model";
import type { SeatReading } from "../preflight/seats";
import { decisionsIn } from "../decision/replacement";
import { evidenceOf, type TenantSnapshot } from "../snapshot";

/**
 * How many of these users may turn out blocked because there are not seats enough. A group gives all of its SKUs or none, so a user
 * without a seat of one of them keeps each direct licence that this group was to replace, of whatever SKU. Which users that will
 * be is Entra's to decide.
 *
 * @param snapshot the tenant that the removals were decided in
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

/** Users of whose removals one would not be decided, if they got nothing from the groups that give them this SKU. */
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
