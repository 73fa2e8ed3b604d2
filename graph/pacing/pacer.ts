import { AskedLater } from "./retry-after-cache";
import type { Heard } from "./quota-signal";
import { DEFAULT_PACE, LIMITS, QUOTAS, type Cost, type Limit, type Quotas } from "./quotas";
import { TenantQuotas } from "./tenant-quotas";
import { SlidingWindow, type Allowance, type Prospect, type Taken, type Urgency } from "./window";

/** Why a request does not go yet. */
export interface Wait {
  readonly limit: Limit;
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  /** `throttled`: Graph asks for it. `paced`: our share of the quota is used up for now, or it is evened out. */
  readonly because: "throttled" | "paced";
}

/** A request, or room for some, on its way through the pacer. */
export interface Turn extends Urgency {
  readonly cost: Cost;
  /** Its place in the line: who came first is first. */
  readonly number: number;
  /** What it waits for; `null`: it has not been told to wait. */
  wait: Wait | null;
  taken: Partial<Record<Limit, Taken>>;
}

/** How full the quotas are by this program, and what it waits for. */
export interface PaceStatus {
  readonly limits: Readonly<Record<Limit, { readonly used: number; readonly quota: number; readonly share: number }>>;
  /** The share of each quota that may be used. */
  readonly pace: number;
  /** What Graph asked all requests of a limit to wait for, the longest of them; `null`: nothing. */
  readonly held: { readonly limit: Limit; readonly untilMs: number } | null;
  /** What the first in the line waits for; `null`: nobody waits. */
  readonly waiting: Wait | null;
}

/** What may go at once of our share: see docs/decisions/0014-writes-are-spread-evenly-behind-a-burst.md. */
const BURST = 0.5;

/** Above this the quota is taken as used up by others: what is left is for errors in the account of it. */
const FULL = 0.95;

/** However much others take, this part of our share stays in use: otherwise nobody would notice when they are done. */
const KEPT = 0.1;

/** Of our share of the units, while somebody writes: 28 a second in the smallest tenant, where 20 writes are the whole quota. */
const KEPT_FOR_WRITES = 0.1;

/**
 * Decides when each request to one tenant may be sent, so that nothing is sent before it may and the quota is used evenly. Pure: it has neither a
 * clock nor a timer, whoever asks says what time it is, waits, and asks again.
 *
 * **Who goes first.** Who comes later leaves room for everybody who waits for the same limit already, so nobody waits for ever. Both writers and
 * readers need resource units: readers leave some of them to writers, who go first for up to half, so neither can keep the others out. What looks after somebody who was just written to is urgent: somebody may be without a service. It stands
 * in front of the line, is not evened out, may use all of the quota, and waits for no refusal but its own.
 */
export class Pacer {
  readonly askedLater = new AskedLater();
  private readonly windows: Readonly<Record<Limit, SlidingWindow>>;
  private readonly heldUntilMs: Record<Limit, number> = { writes: 0, units: 0, audits: 0 };
  private readonly line = new Set<Turn>();
  private readonly quotas: TenantQuotas;
  private turns = 0;

  /** @param pace the share of the quotas that may be used */
  constructor(
    private pace: number = DEFAULT_PACE,
    quotas: Quotas = QUOTAS,
  ) {
    this.quotas = new TenantQuotas(quotas);
    const windowOf = (limit: Limit) => new SlidingWindow(this.quotas.of(limit).windowMs, this.allowanceOf(limit));
    this.windows = { writes: windowOf("writes"), units: windowOf("units"), audits: windowOf("audits") };
  }

  /** Of two that ask for different shares of one quota, the more careful one counts. */
  slowDownTo(pace: number): void {
    if (pace >= this.pace) return;
    this.pace = pace;
    this.allowAnew();
  }

  /** Stands in line. Whoever does must `take`, until it goes, or `leave`. */
  queue(cost: Cost, { isUrgent = false, partOf = 0 }: Partial<Urgency> = {}): Turn {
    this.turns += 1;
    return { cost, isUrgent, partOf, number: this.turns, wait: null, taken: {} };
  }

  /** Lets a request go, or says what it waits for. One that goes has to be answered or given back. */
  take(turn: Turn, now: number): Wait | null {
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

  leave(turn: Turn): void {
    this.line.delete(turn);
  }

  /**
   * A request that was promised room. It goes at once, whatever the line, unless Graph has asked to wait meanwhile.
   *
   * @returns `null` where the room is not enough
   */
  takeFrom(room: Turn, cost: Cost, now: number): Turn | Wait | null {
    const due = LIMITS.filter((limit) => cost[limit] > 0);
    if (due.some((limit) => (room.taken[limit]?.amount ?? 0) < cost[limit])) return null;
    const wait = this.holdOf(cost, now);
    if (wait !== null) return wait;
    const turn = this.queue(cost, room);
    for (const limit of due) {
      const of = room.taken[limit];
      if (of !== undefined) turn.taken[limit] = this.windows[limit].split(of, cost[limit]);
    }
    return turn;
  }

  /** The answer came, or the connection broke: Graph may have counted it until now. */
  answer({ taken }: Turn, now: number): void {
    for (const limit of LIMITS) {
      const of = taken[limit];
      if (of !== undefined) this.windows[limit].answer(of, now);
    }
  }

  /** It was not sent: what it took is free again. */
  giveBack({ taken }: Turn, now: number): void {
    for (const limit of LIMITS) {
      const of = taken[limit];
      if (of !== undefined) this.windows[limit].giveBack(of, now);
    }
  }

  /** What an answer says of the quotas. */
  hear(cost: Cost, { throttledForMs, limit: named, fullness }: Heard, now: number): void {
    const costing = LIMITS.filter((limit) => cost[limit] > 0);
    if (throttledForMs !== null) {
      const limit = named ?? (cost.audits > 0 ? "audits" : cost.writes > 0 ? "writes" : "units");
      const untilMs = now + throttledForMs;
      this.heldUntilMs[limit] = Math.max(this.heldUntilMs[limit], untilMs);
      // With its name, Graph says that this quota is used up; without, it may be the service itself that is busy.
      if (named !== null) this.believe(named, 1, now, untilMs + this.quotas.of(named).windowMs);
    } else if (fullness !== null) {
      const shareOf = (limit: Limit) => this.windows[limit].used(now) / this.quotas.of(limit).amount;
      const limit = named ?? costing.reduce<Limit>((a, b) => (shareOf(b) > shareOf(a) ? b : a), costing[0] ?? "units");
      this.believe(limit, fullness, now, now + this.quotas.of(limit).windowMs);
    }
  }

  /** Users that the tenant has, whoever else it may have. */
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

  /** How many writes may go at once from now on, and how many a second behind them. */
  prospect(now: number): Prospect {
    return this.windows.writes.prospect(now);
  }

  private waitOf(turn: Turn, now: number): Wait | null {
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

  /** What it leaves to others of a limit: those in front of it in the line, and a reader to writers. */
  private aheadOf(turn: Turn, limit: Limit, now: number): number {
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

  /** Of the units, writers need few, and are let past readers as long as they take less than half. */
  private isFavouredWriter({ cost }: Turn, now: number): boolean {
    const { amount, windowMs } = this.quotas.of("units");
    return cost.writes > 0 && this.windows.writes.usedWithin(windowMs, now) + cost.writes <= (this.pace * amount) / 2;
  }

  /** While somebody writes, readers leave some units: writes come evenly, and reads as fast as they may. */
  private keptFromReader({ cost, isUrgent }: Turn, now: number): number {
    if (cost.writes > 0 || isUrgent || this.windows.writes.used(now) === 0) return 0;
    return KEPT_FOR_WRITES * this.pace * this.quotas.of("units").amount;
  }

  /** The quota is full to this part: what we did not take, others did. */
  private believe(limit: Limit, fullness: number, now: number, untilMs: number): void {
    const { amount } = this.quotas.of(limit);
    const others = fullness * amount - this.windows[limit].used(now);
    // The part that is left to others anyway is no reason to go slower.
    const tooMuch = others - Math.max(FULL - this.pace, 0) * amount;
    const { most } = this.allowanceOf(limit);
    this.windows[limit].leaveFor(Math.min(Math.max(tooMuch, 0), (1 - KEPT) * most), untilMs);
  }

  private allowAnew(): void {
    for (const limit of LIMITS) this.windows[limit].allow(this.allowanceOf(limit));
  }

  private allowanceOf(limit: Limit): Allowance {
    const { amount } = this.quotas.of(limit);
    const most = Math.max(1, Math.floor(this.pace * amount));
    // A window of seconds needs no evening out.
    return { most, burst: limit === "writes" ? Math.floor(BURST * most) : most, inNeed: amount };
  }
}
