import { RetryAfterCache } from "./retry-after-cache";
import type { QuotaSignal } from "./quota-signal";
import { DEFAULT_PACE, LIMITS, QUOTAS, type Cost, type Limit, type Quotas } from "./quotas";
import { TenantQuotas } from "./tenant-quotas";
import { SlidingWindow, type Allowance, type Prospect, type Taken, type Urgency } from "./window";

/** The reason why a request cannot be sent yet. */
export interface Wait {
  readonly limit: Limit;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  /**
   * `throttled`: Graph asked for the wait. `paced`: our share of the quota is used up, or requests are being spread
   * out.
   */
  readonly because: "throttled" | "paced";
}

/** The place in the pacer of one request or one reservation. */
export interface Permit extends Urgency {
  readonly cost: Cost;
  /** Position in the FIFO queue. */
  readonly number: number;
  /** The current wait; `null` if the request was never told to wait. */
  wait: Wait | null;
  taken: Partial<Record<Limit, Taken>>;
}

/** The use of each quota by this program, and the current wait. */
export interface PaceStatus {
  readonly limits: Readonly<Record<Limit, { readonly used: number; readonly quota: number; readonly share: number }>>;
  /** The share of each quota that may be used, from 0 to 1. */
  readonly pace: number;
  /** The longest current wait that Graph imposed on all requests of a limit; `null` if none. */
  readonly held: { readonly limit: Limit; readonly untilMs: number } | null;
  /** The wait of the first request in the queue; `null` if the queue is empty. */
  readonly waiting: Wait | null;
}

/** The part of our share that may go at once: docs/decisions/0014-writes-are-spread-evenly-behind-a-burst.md. */
const BURST = 0.5;

/** Above this fullness the quota counts as used up by others; the rest allows for errors in our count. */
const FULL = 0.95;

/** We always use this part of our share, however much others use: without it we could not notice when they stop. */
const KEPT = 0.1;

/**
 * The part of our resource units reserved for writes while writes are being made: 28 a second in the smallest tenant,
 * where 20 writes a second are the whole quota.
 */
const KEPT_FOR_WRITES = 0.1;

/**
 * Decides when each request to one tenant may be sent. Pure: the caller gives the time, waits, and asks again. FIFO per
 * limit. Writers may overtake readers for up to half of the resource units. Urgent requests (a user may lack a service)
 * skip the queue and may use the whole quota; only their own refusals delay them.
 */
export class Pacer {
  readonly askedLater = new RetryAfterCache();
  private readonly windows: Readonly<Record<Limit, SlidingWindow>>;
  private readonly heldUntilMs: Record<Limit, number> = { writes: 0, units: 0, audits: 0 };
  private readonly line = new Set<Permit>();
  private readonly quotas: TenantQuotas;
  private turns = 0;

  /** @param pace the share of the quotas that may be used, from 0 to 1 */
  constructor(
    private pace: number = DEFAULT_PACE,
    quotas: Quotas = QUOTAS,
  ) {
    this.quotas = new TenantQuotas(quotas);
    const windowOf = (limit: Limit) => new SlidingWindow(this.quotas.of(limit).windowMs, this.allowanceOf(limit));
    this.windows = { writes: windowOf("writes"), units: windowOf("units"), audits: windowOf("audits") };
  }

  /** If connections ask for different shares of one quota, the smallest counts. */
  slowDownTo(pace: number): void {
    if (pace >= this.pace) return;
    this.pace = pace;
    this.allowAnew();
  }

  /** Joins the queue. The caller must call `take` until it returns `null`, or `leave`. */
  queue(cost: Cost, { isUrgent = false, partOf = 0 }: Partial<Urgency> = {}): Permit {
    this.turns += 1;
    return { cost, isUrgent, partOf, number: this.turns, wait: null, taken: {} };
  }

  /** Returns `null` if the request may go, else its wait. A request that goes must end with `answer` or `giveBack`. */
  take(turn: Permit, now: number): Wait | null {
    turn.wait = this.waitOf(turn, now);
    if (turn.wait !== null) {
      this.line.add(turn);
      return turn.wait;
    }
    this.line.delete(turn);
    for (const limit of LIMITS) {
      if (turn.cost[limit] > 0) turn.taken[limit] = this.windows[limit].take(turn.cost[limit], turn, now);
    }
    return null;
  }

  leave(turn: Permit): void {
    this.line.delete(turn);
  }

  /**
   * Takes quota from a reservation: the request goes at once, past the queue, unless Graph has asked to wait meanwhile.
   *
   * @returns `null` if the reservation is too small
   */
  takeFrom(room: Permit, cost: Cost, now: number): Permit | Wait | null {
    const due = LIMITS.filter((limit) => cost[limit] > 0);
    if (due.some((limit) => (room.taken[limit]?.amount ?? 0) < cost[limit])) return null;
    const wait = this.holdOf(cost, now);
    // check: room that was kept does not let a removal go while Graph asks to wait
    if (wait !== null) return wait;
    const turn = this.queue(cost, room);
    for (const limit of due) {
      const of = room.taken[limit];
      if (of !== undefined) turn.taken[limit] = this.windows[limit].split(of, cost[limit]);
    }
    return turn;
  }

  /** An answer arrived or the connection broke: Graph may have counted the request at any time until now. */
  answer({ taken }: Permit, now: number): void {
    for (const limit of LIMITS) {
      const of = taken[limit];
      if (of !== undefined) this.windows[limit].answer(of, now);
    }
  }

  /** The request was not sent: its quota is free again. */
  giveBack({ taken }: Permit, now: number): void {
    for (const limit of LIMITS) {
      const of = taken[limit];
      if (of !== undefined) this.windows[limit].giveBack(of, now);
    }
  }

  /** Applies what an answer says about the quotas. */
  hear(cost: Cost, { throttledForMs, limit: named, fullness }: QuotaSignal, now: number): void {
    const costing = LIMITS.filter((limit) => cost[limit] > 0);
    if (throttledForMs !== null) {
      const limit = named ?? (cost.audits > 0 ? "audits" : cost.writes > 0 ? "writes" : "units");
      const untilMs = now + throttledForMs;
      // check: what Graph asks of one request, all others of that limit wait for
      this.heldUntilMs[limit] = Math.max(this.heldUntilMs[limit], untilMs);
      // A refusal that names a quota means that the quota is used up. Without a name, the service itself may be busy.
      if (named !== null) this.applyReportedUsage(named, 1, now, untilMs + this.quotas.of(named).windowMs);
    } else if (fullness !== null) {
      const shareOf = (limit: Limit) => this.windows[limit].used(now) / this.quotas.of(limit).amount;
      const limit = named ?? costing.reduce<Limit>((a, b) => (shareOf(b) > shareOf(a) ? b : a), costing[0] ?? "units");
      this.applyReportedUsage(limit, fullness, now, now + this.quotas.of(limit).windowMs);
    }
  }

  /** Counts users of the tenant: larger tenants have larger quotas. */
  sawUsers(ids: Iterable<string>): void {
    this.quotas.sawUsers(ids);
    this.allowAnew();
  }

  status(now: number): PaceStatus {
    const of = (limit: Limit) => {
      const quota = this.quotas.of(limit).amount;
      const used = this.windows[limit].used(now);
      return { used, quota, share: used / quota };
    };
    const holds = LIMITS.map((limit) => ({ limit, untilMs: this.heldUntilMs[limit] }))
      .filter(({ untilMs }) => untilMs > now)
      .sort((a, b) => b.untilMs - a.untilMs);
    const first = [...this.line].sort((a, b) => a.number - b.number)[0];
    return {
      limits: { writes: of("writes"), units: of("units"), audits: of("audits") },
      pace: this.pace,
      held: holds[0] ?? null,
      waiting: first?.wait ?? null,
    };
  }

  /** How many writes may go at once from now on, and how many a second after that. */
  prospect(now: number): Prospect {
    return this.windows.writes.prospect(now);
  }

  private waitOf(turn: Permit, now: number): Wait | null {
    // check: the read-back of a written user goes ahead of requests that wait
    const hold = turn.isUrgent ? null : this.holdOf(turn.cost, now);
    if (hold !== null) return hold;
    let wait: Wait | null = null;
    for (const limit of LIMITS) {
      const amount = turn.cost[limit];
      if (amount === 0) continue;
      const ahead = this.aheadOf(turn, limit, now);
      const untilMs = Math.ceil(this.windows[limit].earliest(amount, ahead, turn, now));
      if (untilMs > (wait?.untilMs ?? now)) wait = { limit, untilMs, because: "paced" };
    }
    return wait;
  }

  private holdOf(cost: Cost, now: number): Wait | null {
    let hold: Wait | null = null;
    for (const limit of LIMITS) {
      const untilMs = this.heldUntilMs[limit];
      if (cost[limit] > 0 && untilMs > (hold?.untilMs ?? now)) hold = { limit, untilMs, because: "throttled" };
    }
    return hold;
  }

  /** The amount of a limit that must go first: requests ahead in the queue, and for a reader the writers' part. */
  private aheadOf(turn: Permit, limit: Limit, now: number): number {
    const isFavoured = limit === "units" && this.isFavouredWriter(turn, now);
    let ahead = limit === "units" ? this.keptFromReader(turn, now) : 0;
    for (const other of this.line) {
      if (other === turn || other.wait?.limit !== limit) continue;
      if (isFavoured && other.cost.writes === 0) continue;
      const isBefore = other.isUrgent === turn.isUrgent ? other.number < turn.number : other.isUrgent;
      if (isBefore) ahead += other.cost[limit];
    }
    return ahead;
  }

  /** Writers need few units, so they overtake readers while they use less than half of them. */
  private isFavouredWriter({ cost }: Permit, now: number): boolean {
    const { amount, windowMs } = this.quotas.of("units");
    return cost.writes > 0 && this.windows.writes.usedWithin(windowMs, now) + cost.writes <= (this.pace * amount) / 2;
  }

  /** While writes are being made, readers leave some units: writes are spread evenly, reads go as fast as they may. */
  private keptFromReader({ cost, isUrgent }: Permit, now: number): number {
    if (cost.writes > 0 || isUrgent || this.windows.writes.used(now) === 0) return 0;
    return KEPT_FOR_WRITES * this.pace * this.quotas.of("units").amount;
  }

  /** The quota is full to this part; others have used the part that we did not. */
  private applyReportedUsage(limit: Limit, fullness: number, now: number, untilMs: number): void {
    const { amount } = this.quotas.of(limit);
    const others = fullness * amount - this.windows[limit].used(now);
    // The share that we leave to others anyway is no reason to slow down.
    const tooMuch = others - Math.max(FULL - this.pace, 0) * amount;
    const { most } = this.allowanceOf(limit);
    this.windows[limit].reserveForOthers(Math.min(Math.max(tooMuch, 0), (1 - KEPT) * most), untilMs);
  }

  private allowAnew(): void {
    for (const limit of LIMITS) this.windows[limit].allow(this.allowanceOf(limit));
  }

  private allowanceOf(limit: Limit): Allowance {
    const { amount } = this.quotas.of(limit);
    const most = Math.max(1, Math.floor(this.pace * amount));
    // A window of a few seconds needs no spreading.
    return { most, burst: limit === "writes" ? Math.floor(BURST * most) : most, inNeed: amount };
  }
}
