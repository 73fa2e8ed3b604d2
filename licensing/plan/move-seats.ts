import { freeSeats } from "../catalog/subscription";
import type { Guid } from "../model";
import type { SeatReading } from "../preflight/seats";
import { licensesAfter } from "../record/licenses-after";
import type { TenantSnapshot } from "../snapshot";
import type { MoveSeats } from "./group-move";

/** Seats that this run takes before a wave moves its users: for new members of changed groups, and by earlier waves. */
export class SeatsTaken {
  readonly #taken: Map<Guid, number>;
  readonly #newcomers: ReadonlyMap<Guid, ReadonlySet<Guid>>;

  constructor(readings: readonly SeatReading[]) {
    this.#taken = new Map(readings.map(({ sku, userIds }) => [sku.id, userIds.length]));
    this.#newcomers = new Map(readings.map(({ sku, userIds }) => [sku.id, new Set(userIds)]));
  }

  count(skuId: Guid): number {
    return this.#taken.get(skuId) ?? 0;
  }

  /** Whether the user's seat is among those for new members of changed groups. */
  hasSeatOf(userId: Guid, skuId: Guid): boolean {
    return this.#newcomers.get(skuId)?.has(userId) === true;
  }

  take({ skuId, needed }: MoveSeats): void {
    this.#taken.set(skuId, this.count(skuId) + needed);
  }
}

/**
 * Users that find no seat where each takes one of each SKU that it needs, in this order, or none at all.
 *
 * @param free seats of each SKU
 * @returns the first SKU that is short, by user
 */
export function usersWithoutSeat(
  userIds: readonly Guid[],
  free: ReadonlyMap<Guid, number>,
  needs: (userId: Guid, skuId: Guid) => boolean,
): ReadonlyMap<Guid, Guid> {
  const left = new Map(free);
  const short = new Map<Guid, Guid>();
  for (const userId of userIds) {
    const needed = [...left.keys()].filter((skuId) => needs(userId, skuId));
    const without = needed.find((skuId) => (left.get(skuId) ?? 0) <= 0);
    if (without !== undefined) short.set(userId, without);
    else for (const skuId of needed) left.set(skuId, (left.get(skuId) ?? 0) - 1);
  }
  return short;
}

/** The seats of the group that a wave's users join. */
export class SeatsToJoin {
  /** Free seats of each SKU that the group gives, after those that the run takes before. */
  readonly #free: ReadonlyMap<Guid, number>;

  /** @param waiting users that have joined, and whose licences Entra has not processed yet: their seats are taken */
  constructor(
    groupId: Guid,
    waiting: readonly Guid[],
    private readonly snapshot: TenantSnapshot,
    private readonly taken: SeatsTaken,
  ) {
    const { declared, groups, catalog } = snapshot;
    const group = declared.find((each) => each.groupId === groupId);
    const now = groups.get(groupId);
    const licenses = group === undefined || now === undefined ? [] : licensesAfter(group, now, []);
    this.#free = new Map(
      licenses.map(({ skuId }) => {
        const sku = catalog.skus.find(({ id }) => id === skuId);
        const waits = waiting.filter((userId) => this.#needs(userId, skuId)).length;
        return [skuId, Math.max(0, freeSeats(sku, "enabled") - taken.count(skuId) - waits)];
      }),
    );
  }

  /** The seats that these users take, by SKU; SKUs without a seat to take are absent. */
  neededBy(userIds: readonly Guid[]): readonly MoveSeats[] {
    return [...this.#free].flatMap(([skuId, free]): MoveSeats[] => {
      const needed = userIds.filter((userId) => this.#needs(userId, skuId)).length;
      return needed === 0 ? [] : [{ skuId, needed, free }];
    });
  }

  /** Users that find no seat if they join in this order, with the SKU that is short. */
  shortOf(userIds: readonly Guid[]): ReadonlyMap<Guid, Guid> {
    return usersWithoutSeat(userIds, this.#free, (userId, skuId) => this.#needs(userId, skuId));
  }

  #needs(userId: Guid, skuId: Guid): boolean {
    const held = this.snapshot.users.get(userId)?.assignedLicenses;
    return held?.every((each) => each.skuId !== skuId) === true && !this.taken.hasSeatOf(userId, skuId);
  }
}
