import type { Removal } from "./plan";
import type { SeatReading } from "./preflight/seats";

/**
 * How many of these users may turn out blocked because there are not seats enough. A group gives all of its SKUs or none, so whoever gets
 * no seat of one of them goes on needing the direct licence of the others. Which users that will be is Entra's to decide.
 */
export function mayLackSeat(removals: readonly Removal[], seats: readonly SeatReading[]): number {
  const atRisk = new Set<string>();
  let most = 0;
  for (const { newcomers, short } of seats) {
    if (short === 0) continue;
    const fromGroups = new Set(
      newcomers.flatMap(({ group, userIds }) =>
        group.declared.licenses.flatMap(({ skuId }) => userIds.map((userId) => `${userId} ${skuId}`)),
      ),
    );
    const here = new Set(removals.flatMap(({ userId, skuId }) => (fromGroups.has(`${userId} ${skuId}`) ? userId : [])));
    for (const userId of here) atRisk.add(userId);
    most += Math.min(short, here.size);
  }
  return Math.min(most, atRisk.size);
}
