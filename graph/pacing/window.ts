/** An amount that was taken and is not answered yet: Graph may count it at any moment. */
export interface Taken {
  amount: number;
}

/** An amount that leaves the window at a time. */
interface Leaving {
  amount: number;
  readonly untilMs: number;
}

const NOTHING: Leaving = { amount: 0, untilMs: 0 };

/** What was answered within so small a part of the window leaves it together, a moment late: so there is never much to look through. */
const PARTS = 250;

/** How much may be in a window. */
export interface Allowance {
  readonly most: number;
  /** How much of `most` may go at once, the rest evenly; the same as `most`: nothing is evened out. */
  readonly burst: number;
  /** For what must not wait: all that there is. */
  readonly inNeed: number;
}

export interface Urgency {
  /** It is not evened out, and may use all that there is. */
  readonly isUrgent: boolean;
  /** How much will be taken in all by what this is a part of, as far as is known: what does not fit into a burst begins without one. */
  readonly partOf: number;
}

/** What may go, if nobody else comes. */
export interface Prospect {
  readonly atOnce: number;
  readonly perSecond: number;
}

/**
 * One limit as a sliding window: never more than `most` in any stretch of `windowMs`, and evenly once a burst is used up. It has no
 * clock: `now` is a parameter.
 *
 * Graph counts a request at some moment between sending and answer. So an amount stays in the window until `windowMs` after its
 * **answer**: then no window of Graph's, wherever it begins, holds more than ours did.
 */
export class SlidingWindow {
  /** In the order of the answers. */
  private answered: Leaving[] = [];
  private answeredAmount = 0;
  private readonly underWay = new Set<Taken>();
  private underWayAmount = 0;
  private elsewhere: Leaving = NOTHING;
  /** Past the burst, nothing is sent before this. */
  private evenFromMs = 0;

  constructor(
    private readonly windowMs: number,
    private allowance: Allowance,
  ) {}

  /** How much is in the window by this program. */
  used(now: number): number {
    this.forget(now);
    return this.answeredAmount + this.underWayAmount;
  }

  /** The same, of the last so many milliseconds. */
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

  /** From now on it may be more, or less. */
  allow(allowance: Allowance): void {
    this.allowance = allowance;
  }

  /**
   * The earliest time for `amount` when `ahead`, which waits already, has gone; a time that is over where it may go now. More than the
   * window ever holds goes alone.
   */
  earliest(amount: number, ahead: number, { isUrgent, partOf }: Urgency, now: number): number {
    const { most, burst, inNeed } = this.allowance;
    const used = this.allUsed(now);
    const needed = amount + ahead;
    if (partOf <= burst && used + needed <= burst) return now;
    if (isUrgent) return this.fitsFrom(needed, used, inNeed, now);
    const fitsMs = this.fitsFrom(needed, used, most, now);
    if (burst >= most) return fitsMs;
    return Math.max(fitsMs, this.evenFromMs + (ahead > 0 ? ahead / this.evenRate(now, ahead) : 0));
  }

  take(amount: number, { partOf }: Urgency, now: number): Taken {
    const { most, burst } = this.allowance;
    const taken: Taken = { amount };
    const isBurst = partOf <= burst && this.allUsed(now) + amount <= burst;
    this.underWay.add(taken);
    this.underWayAmount += amount;
    if (burst < most) {
      const lumpMs = amount / this.evenRate(now, amount);
      // Who comes late by less than a lump keeps to the line, so that small delays don't add up.
      this.evenFromMs = (isBurst ? now : Math.max(this.evenFromMs, now - lumpMs)) + lumpMs;
    }
    return taken;
  }

  /** Part of what was taken goes its own way: it is answered, or given back, by itself. */
  split(taken: Taken, amount: number): Taken {
    const part: Taken = { amount: Math.min(amount, taken.amount) };
    taken.amount -= part.amount;
    this.underWay.add(part);
    return part;
  }

  /** Its answer came, or will never come: Graph may have counted it until now. */
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

  /** It was not sent after all. */
  giveBack(taken: Taken, now: number): void {
    if (!this.underWay.delete(taken)) return;
    this.underWayAmount -= taken.amount;
    if (taken.amount > 0) this.evenFromMs -= taken.amount / this.evenRate(now, taken.amount);
    taken.amount = 0;
  }

  /** What others take of the same quota, for as long as that is believed. */
  leaveFor(amount: number, untilMs: number): void {
    this.elsewhere = { amount, untilMs };
  }

  private allUsed(now: number): number {
    return this.used(now) + this.elsewhere.amount;
  }

  private fitsFrom(needed: number, used: number, most: number, now: number): number {
    let over = used + Math.min(needed, most) - most;
    if (over <= 0) return now;
    for (const { amount, untilMs } of this.leaving(now)) {
      over -= amount;
      if (over <= 0) return untilMs;
    }
    return now + this.windowMs;
  }

  /**
   * The fastest even rate, per millisecond, that the window can bear from now on without ever coming to a stop: up to each moment when
   * something leaves it, there is only so much room.
   *
   * @param lump what goes at a time, and is ahead of the line by itself
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

  /** What leaves the window and when, the earliest first. What is under way leaves a whole window after an answer that comes now. */
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
