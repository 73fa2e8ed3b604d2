/** An amount without an answer yet: Graph may count it at any moment. */
export interface Taken {
  amount: number;
}

/** An amount, and when it leaves the window (milliseconds since 1970). */
interface Leaving {
  amount: number;
  readonly untilMs: number;
}

const NOTHING: Leaving = { amount: 0, untilMs: 0 };

/**
 * Answers within this fraction of the window are merged and leave together, slightly late, so that the list stays
 * short.
 */
const PARTS = 250;

/** How much the window may hold. */
export interface Allowance {
  readonly most: number;
  /** The part of `most` that may go at once; the rest is spread evenly. Equal to `most`: nothing is spread. */
  readonly burst: number;
  /** The limit for urgent requests: the whole quota. */
  readonly inNeed: number;
}

export interface Urgency {
  /** Not spread evenly, and limited by `inNeed` alone. */
  readonly isUrgent: boolean;
  /**
   * The whole amount that this request is a part of, if known. A whole that exceeds a burst is spread from its start.
   */
  readonly partOf: number;
}

/** The amount that may go at once, and the rate after it, without competing requests. */
export interface Prospect {
  readonly atOnce: number;
  readonly perSecond: number;
}

/**
 * One limit as a sliding window: at most `most` in any `windowMs`, spread evenly after a burst; `now` is in
 * milliseconds. Graph counts a request between sending and answer, so an amount stays for `windowMs` after its
 * **answer**: then no window of Graph's, wherever it begins, holds more than ours.
 */
export class SlidingWindow {
  /** In the order of the answers. */
  private answered: Leaving[] = [];
  private answeredAmount = 0;
  private readonly underWay = new Set<Taken>();
  private underWayAmount = 0;
  private elsewhere: Leaving = NOTHING;
  /** After a burst, no amount is sent before this time. */
  private nextEvenSlotMs = 0;

  constructor(
    private readonly windowMs: number,
    private allowance: Allowance,
  ) {}

  /** The amount of this program in the window. */
  used(now: number): number {
    this.forget(now);
    return this.answeredAmount + this.underWayAmount;
  }

  /** The same, for the last `spanMs` milliseconds. */
  usedWithin(spanMs: number, now: number): number {
    let used = this.underWayAmount;
    for (let at = this.answered.length - 1; at >= 0; at -= 1) {
      const { amount, untilMs } = this.answered[at] ?? NOTHING;
      if (untilMs - this.windowMs <= now - spanMs) break;
      used += amount;
    }
    return used;
  }

  prospect(now: number): Prospect {
    const { most, burst } = this.allowance;
    return { atOnce: Math.max(0, burst - this.allUsed(now)), perSecond: (most * 1_000) / this.windowMs };
  }

  /** Replaces the allowance from now on. */
  allow(allowance: Allowance): void {
    this.allowance = allowance;
  }

  /**
   * Earliest time at which `amount` fits after `ahead` queued units; ≤ now if immediately. An amount larger than the
   * whole window goes alone.
   */
  earliest(amount: number, ahead: number, { isUrgent, partOf }: Urgency, now: number): number {
    const { most, burst, inNeed } = this.allowance;
    const used = this.allUsed(now);
    const needed = amount + ahead;
    if (partOf <= burst && used + needed <= burst) return now;
    if (isUrgent) return this.earliestFit(needed, used, inNeed, now);
    const fitsMs = this.earliestFit(needed, used, most, now);
    if (burst >= most) return fitsMs;
    return Math.max(fitsMs, this.nextEvenSlotMs + (ahead > 0 ? ahead / this.evenRate(now, ahead) : 0));
  }

  take(amount: number, { partOf }: Urgency, now: number): Taken {
    const { most, burst } = this.allowance;
    const taken: Taken = { amount };
    const isBurst = partOf <= burst && this.allUsed(now) + amount <= burst;
    this.underWay.add(taken);
    this.underWayAmount += amount;
    if (burst < most) {
      const lumpMs = amount / this.evenRate(now, amount);
      // A request that is late by less than its own slot keeps its place on the schedule, so that small delays do not
      // add up.
      this.nextEvenSlotMs = (isBurst ? now : Math.max(this.nextEvenSlotMs, now - lumpMs)) + lumpMs;
    }
    return taken;
  }

  /** Separates a part of a taken amount, which is then answered or given back by itself. */
  split(taken: Taken, amount: number): Taken {
    const part: Taken = { amount: Math.min(amount, taken.amount) };
    taken.amount -= part.amount;
    this.underWay.add(part);
    return part;
  }

  /** The request was answered or lost: Graph may have counted it at any time until now. */
  answer(taken: Taken, now: number): void {
    if (!this.underWay.delete(taken)) return;
    this.underWayAmount -= taken.amount;
    this.answeredAmount += taken.amount;
    const part = this.windowMs / PARTS;
    const untilMs = Math.ceil((now + this.windowMs) / part) * part;
    const last = this.answered.at(-1);
    if (last !== undefined && last.untilMs >= untilMs) last.amount += taken.amount;
    else this.answered.push({ amount: taken.amount, untilMs });
  }

  /** The request was not sent. */
  giveBack(taken: Taken, now: number): void {
    if (!this.underWay.delete(taken)) return;
    this.underWayAmount -= taken.amount;
    if (taken.amount > 0) this.nextEvenSlotMs -= taken.amount / this.evenRate(now, taken.amount);
    taken.amount = 0;
  }

  /** Reserves an amount for other programs that use the same quota, until `untilMs`. */
  reserveForOthers(amount: number, untilMs: number): void {
    this.elsewhere = { amount, untilMs };
  }

  private allUsed(now: number): number {
    return this.used(now) + this.elsewhere.amount;
  }

  private earliestFit(needed: number, used: number, most: number, now: number): number {
    let over = used + Math.min(needed, most) - most;
    if (over <= 0) return now;
    for (const { amount, untilMs } of this.leaving(now)) {
      over -= amount;
      if (over <= 0) return untilMs;
    }
    return now + this.windowMs;
  }

  /**
   * The fastest even rate, per millisecond, that never overfills the window: up to each moment at which an amount
   * leaves, only so much room is free.
   *
   * @param lump the amount of one request, which is sent ahead of the schedule
   */
  private evenRate(now: number, lump: number): number {
    const { most } = this.allowance;
    let room = Math.max(most - this.allUsed(now), 0) + Math.max(lump, 1);
    let rate = most / this.windowMs;
    for (const { amount, untilMs } of this.leaving(now)) {
      rate = Math.min(rate, room / Math.max(untilMs - now, 1));
      room += amount;
    }
    return rate;
  }

  /**
   * The amounts that leave the window, earliest first. Unanswered amounts leave a whole window after an answer that
   * arrives now.
   */
  private *leaving(now: number): Generator<Leaving> {
    let { elsewhere } = this;
    for (const each of this.answered) {
      if (elsewhere.amount > 0 && elsewhere.untilMs <= each.untilMs) {
        yield elsewhere;
        elsewhere = NOTHING;
      }
      yield each;
    }
    if (elsewhere.amount > 0) yield elsewhere;
    yield { amount: this.underWayAmount, untilMs: now + this.windowMs };
  }

  private forget(now: number): void {
    let first = this.answered[0];
    while (first !== undefined && first.untilMs <= now) {
      this.answeredAmount -= first.amount;
      this.answered.shift();
      first = this.answered[0];
    }
    if (this.elsewhere.untilMs <= now) this.elsewhere = NOTHING;
  }
}
