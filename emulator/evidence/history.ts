import type { TenantClock } from "../clock";
import type { Directory } from "../directory/directory";
import type { Cause, Guid, Holdings, User } from "../directory/entities";

/** The complete set of a user's effective service plans from `at` on. */
export interface Transition {
  readonly at: Date;
  readonly planIds: readonly Guid[];
  readonly cause: Cause;
}

/** The plans that a user lost at one point in time. */
export interface Loss {
  readonly userId: Guid;
  readonly planIds: readonly Guid[];
  readonly at: Date;
  readonly cause: Cause;
}

export interface CauseFilter {
  /** Excludes changes by `people` or by the app with this client id, and the background work that they triggered. */
  readonly except?: string;
  /** Includes only changes by `people` or by the app with this client id. */
  readonly by?: string;
  readonly userId?: Guid;
}

export interface SeatUse {
  readonly first: number;
  readonly now: number;
  readonly highest: number;
  readonly over: readonly { readonly at: Date; readonly used: number }[];
}

/** Every change of every user's effective service plans, so that a test also sees a loss that lasted only a moment. */
export class History {
  readonly #clock: TenantClock;
  readonly #directory: Directory;
  readonly #ofUser = new Map<Guid, { atMs: number; planIds: readonly Guid[]; cause: Cause }[]>();
  readonly #losses: Loss[] = [];
  readonly #seats = new Map<Guid, { at: Date; used: number }[]>();
  readonly #removals: { skuId: Guid; userId: Guid; cause: Cause }[] = [];

  constructor(directory: Directory) {
    this.#directory = directory;
    this.#clock = directory.clock;
  }

  losses(filter: CauseFilter = {}): Loss[] {
    this.#clock.catchUp();
    return this.#losses.filter((loss) => fits(filter, loss.cause, loss.userId));
  }

  /** Number of lost plans over all users, each plan counted. */
  servicesLost(filter: CauseFilter = {}): number {
    return this.losses(filter).reduce((sum, loss) => sum + loss.planIds.length, 0);
  }

  /** The user's transitions. The first one is the state at the tenant's start or at the user's creation. */
  of(userId: Guid): Transition[] {
    this.#clock.catchUp();
    return (this.#ofUser.get(userId) ?? []).map(({ atMs, ...rest }) => ({ at: new Date(atMs), ...rest }));
  }

  seats(skuId: Guid): SeatUse {
    this.#clock.catchUp();
    const over = this.#seats.get(skuId) ?? [{ at: this.#clock.now(), used: this.#directory.seatsUsed(skuId) }];
    const used = over.map((point) => point.used);
    return { first: used[0] ?? 0, now: used.at(-1) ?? 0, highest: used.reduce((a, b) => Math.max(a, b), 0), over };
  }

  /** Direct assignments removed so far, by SKU. */
  removals(filter: CauseFilter = {}): ReadonlyMap<Guid, number> {
    this.#clock.catchUp();
    const counts = new Map<Guid, number>();
    for (const { skuId, userId, cause } of this.#removals) {
      if (fits(filter, cause, userId)) counts.set(skuId, (counts.get(skuId) ?? 0) + 1);
    }
    return counts;
  }

  /** Records the initial state. */
  begin(cause: Cause): void {
    for (const user of this.#directory.users.values()) this.#note(user, cause);
    for (const skuId of this.#directory.skus.keys()) this.#noteSeats(skuId);
  }

  changed(user: User, before: Holdings, cause: Cause): void {
    const had = this.#directory.plansInForce(before);
    const has = this.#directory.plansInForce(user.holdings);
    if (had !== has || !this.#ofUser.has(user.id)) this.plansChanged(user, had, cause);
    for (const entry of before.assignments) {
      if (entry.assignedByGroup !== null) continue;
      if (!user.holdings.assignments.some((other) => other.assignedByGroup === null && other.skuId === entry.skuId))
        this.#removals.push({ skuId: entry.skuId, userId: user.id, cause });
    }
    for (const { skuId } of [...before.assignments, ...before.hidden, ...user.holdings.assignments])
      this.#noteSeats(skuId);
  }

  /** Records lost and gained plans after a change of assignments or of a SKU. */
  plansChanged(user: User, had: readonly Guid[], cause: Cause): void {
    const has = new Set(this.#directory.plansInForce(user.holdings));
    const lost = had.filter((plan) => !has.has(plan));
    // One reading of the clock: a loss is found at the time of its transition.
    const atMs = this.#clock.nowMs();
    if (lost.length > 0) this.#losses.push({ userId: user.id, planIds: lost, at: new Date(atMs), cause });
    this.#note(user, cause, atMs);
  }

  #note(user: User, cause: Cause, atMs = this.#clock.nowMs()): void {
    const transition = {
      atMs,
      planIds: this.#directory.plansInForce(user.holdings),
      cause,
    };
    const transitions = this.#ofUser.get(user.id);
    if (transitions) transitions.push(transition);
    else this.#ofUser.set(user.id, [transition]);
  }

  #noteSeats(skuId: Guid): void {
    const used = this.#directory.seatsUsed(skuId);
    const over = this.#seats.get(skuId);
    if (!over) this.#seats.set(skuId, [{ at: this.#clock.now(), used }]);
    else if (over.at(-1)?.used !== used) over.push({ at: this.#clock.now(), used });
  }
}

function fits(filter: CauseFilter, cause: Cause, userId: Guid): boolean {
  return (
    (filter.except === undefined || cause.by !== filter.except) &&
    (filter.by === undefined || cause.by === filter.by) &&
    (filter.userId === undefined || userId === filter.userId)
  );
}
