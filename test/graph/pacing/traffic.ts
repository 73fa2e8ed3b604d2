import type { Pacer } from "../../../graph/pacing/pacer";
import { FREE, type Cost, type Limit } from "../../../graph/pacing/quotas";

/** A client that sends requests one after the other, as one lane of a batch or one unit of a wave does. */
export interface Lane {
  /** When it begins. */
  readonly fromMs?: number;
  readonly jobs: Iterable<Job>;
}

export interface Job {
  readonly cost: Cost;
  readonly isUrgent?: boolean;
  readonly partOf?: number;
  /** From sending to answer. */
  readonly latencyMs?: number;
  /** From the answer to the next request. */
  readonly restMs?: number;
  /** It is refused, and Graph asks for this. */
  readonly throttledForMs?: number;
  readonly fullness?: number;
}

export interface Sent {
  readonly lane: number;
  readonly cost: Cost;
  readonly isUrgent: boolean;
  readonly askedMs: number;
  readonly sentMs: number;
  readonly answeredMs: number;
  readonly throttledForMs: number | null;
}

/** Times that no real run has: nothing is hidden by a zero. */
const START_MS = 1_000_000;

/** Runs lanes side by side through a pacer, in a time of its own, up to a moment. */
export function drive(pacer: Pacer, lanes: readonly Lane[], untilMs = Infinity): readonly Sent[] {
  const sent: Sent[] = [];
  const agenda = new Agenda();
  lanes.forEach(({ fromMs = 0, jobs }, lane) => {
    const rest = jobs[Symbol.iterator]();
    const next = (now: number): void => {
      const step = rest.next();
      if (step.done === true) return;
      const job: Job = step.value;
      const {
        cost,
        isUrgent = false,
        partOf = 0,
        latencyMs = 0,
        restMs = 0,
        throttledForMs = null,
        fullness = null,
      } = job;
      const turn = pacer.queue(cost, { isUrgent, partOf });
      const ask = (at: number): void => {
        const wait = pacer.take(turn, at);
        if (wait !== null) {
          if (wait.untilMs <= at) throw new Error(`it is to wait until ${wait.untilMs}, and it is ${at}`);
          agenda.at(wait.untilMs, ask);
          return;
        }
        const answeredMs = at + latencyMs;
        sent.push({ lane, cost, isUrgent, askedMs: now, sentMs: at, answeredMs, throttledForMs });
        agenda.at(answeredMs, (then) => {
          pacer.answer(turn, then);
          pacer.hear(cost, { throttledForMs, limit: null, fullness }, then);
          agenda.at(then + restMs, next);
        });
      };
      ask(now);
    };
    agenda.at(START_MS + fromMs, next);
  });
  agenda.run(START_MS + untilMs);
  return sent.map((each) => ({
    ...each,
    askedMs: each.askedMs - START_MS,
    sentMs: each.sentMs - START_MS,
    answeredMs: each.answeredMs - START_MS,
  }));
}

/** The most that any stretch of so many milliseconds holds, each request counted at a moment of its own. */
export function fullest(
  sent: readonly Sent[],
  limit: Limit,
  windowMs: number,
  countedAt: (sent: Sent, index: number) => number = ({ sentMs }) => sentMs,
): number {
  const counted = sent.map((each, index) => ({ at: countedAt(each, index), amount: each.cost[limit] }));
  counted.sort((a, b) => a.at - b.at);
  let [most, within, first] = [0, 0, 0];
  for (const { at, amount } of counted) {
    within += amount;
    for (let old = counted[first]; old !== undefined && old.at <= at - windowMs; old = counted[first]) {
      within -= old.amount;
      first += 1;
    }
    most = Math.max(most, within);
  }
  return most;
}

export function total(sent: readonly Sent[], limit: Limit): number {
  return sent.reduce((sum, { cost }) => sum + cost[limit], 0);
}

/** A batch of writes, or the room of a unit. */
export const writes = (amount: number): Cost => ({ ...FREE, writes: amount, units: amount });
export const reads = (units: number): Cost => ({ ...FREE, units });

/** As many jobs as anybody could ever want. */
export function* endless(job: Job): Generator<Job> {
  for (;;) yield job;
}

class Agenda {
  #entries: { readonly at: number; readonly order: number; readonly run: (now: number) => void }[] = [];
  #order = 0;

  at(at: number, run: (now: number) => void): void {
    this.#order += 1;
    const entry = { at, order: this.#order, run };
    const before = this.#entries.findLastIndex((each) => each.at <= at);
    this.#entries.splice(before + 1, 0, entry);
  }

  run(untilMs: number): void {
    for (let next = this.#entries.shift(); next !== undefined && next.at <= untilMs; next = this.#entries.shift()) {
      next.run(next.at);
    }
  }
}
