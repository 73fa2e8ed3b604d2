/** An amount in a window, from before it is sent until it is forgotten. */
export interface Taken {
  amount: number;
  /** When it leaves the window; `null`: the answer is not there yet, and Graph may count it at any moment. */
  untilMs: number | null;
}

/** How much may be in a window. */
export interface Allowance {
  readonly most: number;
  /** How much of `most` may go at once, the rest evenly; the same as `most`: nothing is evened out. */
  readonly burst: number;
  /** For what must not wait: all that there is. */
  readonly inNeed: number;
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
  private answered: Taken[] = [];
  private answeredAmount = 0;
  private readonly underWay = new Set<Taken>();
  private underWayAmount = 0;
  private elsewhere = { amount: 0, untilMs: 0 };
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

  /** From now on it may be more, or less. */
  allow(allowance: Allowance): void {
    this.allowance = allowance;
  }

  /**
   * The earliest time for `amount` when `ahead`, which waits already, has gone; a time that is over where it may go now. More than the
   * window ever holds goes alone.
   */
  earliest(amount: number, ahead: number, isUrgent: boolean, now: number): number {
    const { most, burst, inNeed } = this.allowance;
    const used = this.allUsed(now);
    const needed = amount + ahead;
    if (used + needed <= burst) return now;
    if (isUrgent) return this.fitsFrom(needed, used, inNeed, now);
    const fitsMs = this.fitsFrom(needed, used, most, now);
    if (burst >= most) return fitsMs;
    return Math.max(fitsMs, this.evenFromMs + (ahead > 0 ? ahead / this.evenRate(now, ahead) : 0));
  }

  take(amount: number, now: number): Taken {
    const { most, burst } = this.allowance;
    const taken: Taken = { amount, untilMs: null };
    const isBurst = this.allUsed(now) + amount <= burst;
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
    const part: Taken = { amount: Math.min(amount, taken.amount), untilMs: null };
    taken.amount -= part.amount;
    this.underWay.add(part);
    return part;
  }

  /** Its answer came, or will never come: Graph may have counted it until now. */
  answer(taken: Taken, now: number): void {
    if (!this.underWay.delete(taken)) return;
    this.underWayAmount -= taken.amount;
    taken.untilMs = now + this.windowMs;
    this.answered.push(taken);
    this.answeredAmount += taken.amount;
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
  private *leaving(now: number): Generator<{ readonly amount: number; readonly untilMs: number }> {
    let { elsewhere } = this;
    for (const { amount, untilMs } of this.answered) {
      const leavesMs = untilMs ?? now;
      if (elsewhere.amount > 0 && elsewhere.untilMs <= leavesMs) {
        yield elsewhere;
        elsewhere = { amount: 0, untilMs: 0 };
      }
      yield { amount, untilMs: leavesMs };
    }
    if (elsewhere.amount > 0) yield elsewhere;
    yield { amount: this.underWayAmount, untilMs: now + this.windowMs };
  }

  private forget(now: number): void {
    let over = 0;
    for (let first = this.answered[over]; first !== undefined && (first.untilMs ?? now) <= now;) {
      this.answeredAmount -= first.amount;
      over += 1;
      first = this.answered[over];
    }
    if (over > 0) this.answered = this.answered.slice(over);
    if (this.elsewhere.untilMs <= now) this.elsewhere = { amount: 0, untilMs: 0 };
  }
}
