import assert from "node:assert/strict";
import fc from "fast-check";
import { Pacer } from "../../../graph/pacing/pacer";
import { LIMITS, QUOTAS, type Cost, type Limit, type Quotas } from "../../../graph/pacing/quotas";
import { drive, endless, fullest, reads, total, writes, type Job, type Lane, type Sent } from "./traffic";

const MINUTE = 60_000;
const WINDOW = QUOTAS.writes.windowMs;
/** What the usual pace allows. */
const MOST = 2_400;
const LARGE = Array.from({ length: 501 }, (_, n) => `user ${n}`);

/** As Graph answers. */
const unit = (users: number): Job => ({ cost: writes(users), latencyMs: 450 });

describe("a pacer at the usual pace", () => {
  it("lets 1,000 writes go without any wait, with their reads before and after, in a tenant of that size", () => {
    const pacer = new Pacer();
    pacer.sawUsers(LARGE);
    const jobs = Array.from({ length: 17 }, () => [reads(122), writes(60), reads(122)]).flat();
    const sent = drive(pacer, [{ jobs: jobs.map((cost) => ({ cost, latencyMs: 150 })) }]);
    assert.deepEqual(
      sent.filter(({ askedMs, sentMs }) => sentMs > askedMs),
      [],
    );
    assert.equal(total(sent, "writes"), 1_020);
  });

  for (const [what, lump, lanes] of [
    ["batches of 20", 20, 1],
    ["units of 60", 60, 1],
    ["two units of 60 at a time", 60, 2],
    ["single writes", 1, 12],
  ] as const) {
    it(`uses the whole share, and never more, by ${what}`, () => {
      const lane = { jobs: endless(unit(lump)) };
      const sent = drive(
        new Pacer(),
        Array.from({ length: lanes }, () => lane),
        12 * WINDOW,
      );
      assert.ok(fullest(sent, "writes", WINDOW) <= MOST);
      for (let from = 0; from < 12 * WINDOW; from += WINDOW) {
        const inWindow = total(within(sent, from, from + WINDOW), "writes");
        assert.ok(inWindow >= 0.95 * MOST, `${inWindow} of ${MOST} from ${from / 1_000} s on`);
      }
    });
  }

  it("is even: half goes at once, then 8 a second in the first window, then 16 a second, and it never comes to a stop", () => {
    const sent = drive(new Pacer(), [{ jobs: endless(unit(60)) }], 12 * WINDOW);
    const rate = (from: number, to: number) => (1_000 * total(within(sent, from, to), "writes")) / (to - from);
    assert.equal(total(within(sent, 0, 10_000), "writes"), 1_200);
    near(rate(15_000, WINDOW), 8.5);
    for (let from = WINDOW; from < 11 * WINDOW; from += MINUTE) near(rate(from, from + MINUTE), 16);
    const gaps = sent.slice(1).map(({ sentMs }, at) => sentMs - (sent[at]?.sentMs ?? 0));
    assert.ok(Math.max(...gaps) < 9_000, `nothing for ${Math.max(...gaps)} ms`);
  });

  it("what is known to be too much for a burst begins without one: 16 a second from the first minute on", () => {
    const sent = drive(new Pacer(), [{ jobs: endless({ ...unit(60), partOf: 50_000 }) }], 6 * WINDOW);
    for (let from = 0; from < 6 * WINDOW; from += MINUTE)
      near(total(within(sent, from, from + MINUTE), "writes") / 60, 16);
    for (let first = 0; first + 17 < sent.length; first += 1) {
      const thousandMs = (sent[first + 17]?.sentMs ?? 0) - (sent[first]?.sentMs ?? 0);
      assert.ok(thousandMs <= 70_000, `1,020 writes take ${thousandMs} ms`);
    }
  });

  it("gives no second burst while the first one is in the window", () => {
    const sent = drive(
      new Pacer(),
      [{ jobs: [...Array<Job>(20).fill(unit(60))] }, { fromMs: MINUTE, jobs: endless(unit(60)) }],
      3 * MINUTE,
    );
    assert.ok(total(within(sent, MINUTE, MINUTE + 10_000), "writes") <= 240);
  });

  it("a burst is there again after a window without a write", () => {
    const twice = [0, 1_200_000].map((fromMs) => ({ fromMs, jobs: Array<Job>(20).fill(unit(60)) }));
    const sent = drive(new Pacer(), twice);
    assert.equal(total(within(sent, 1_200_000, 1_210_000), "writes"), 1_200);
  });

  it("begins with the units of the smallest tenant, and goes on with those of the tenant that it sees", () => {
    const share = (users: number) => {
      const pacer = new Pacer();
      pacer.sawUsers(LARGE.slice(0, users));
      return fullest(drive(pacer, [{ jobs: endless({ cost: reads(20), latencyMs: 1 }) }], 9_900), "units", 10_000);
    };
    assert.deepEqual([share(0), share(49), share(50), share(500), share(501)], [2_800, 2_800, 4_000, 4_000, 6_400]);
  });

  it("room that is not used is free again, at once and in full", () => {
    const pacer = new Pacer();
    for (let now = 0; now < 1_000; now += 1) {
      const room = pacer.queue(writes(1_000));
      assert.equal(pacer.take(room, now), null);
      pacer.giveBack(room, now);
    }
    assert.equal(pacer.status(1_000).limits.writes.used, 0);
  });

  it("a write within its reservation goes at once before all that waits; more than the reservation does not", () => {
    const pacer = new Pacer();
    const room = pacer.queue(writes(30));
    pacer.take(room, 0);
    while (pacer.take(pacer.queue(reads(20)), 0) === null);
    const first = pacer.takeFrom(room, writes(20), 0);
    assert.ok(first !== null && "taken" in first);
    assert.equal(pacer.takeFrom(room, writes(20), 0), null);
    pacer.answer(first, 100);
    pacer.giveBack(room, 200);
    assert.equal(pacer.status(300).limits.writes.used, 20);
    assert.equal(pacer.takeFrom(room, writes(1), 300), null, "it was given back");
  });

  it("not even room protects from a refusal: what Graph asks for in the meantime, a write waits for", () => {
    const pacer = new Pacer();
    const room = pacer.queue(writes(20));
    pacer.take(room, 0);
    pacer.hear(writes(1), { throttledForMs: 7_000, limit: "writes", fullness: null }, 0);
    assert.deepEqual(pacer.takeFrom(room, writes(20), 1), { limit: "writes", untilMs: 7_000, because: "throttled" });
  });
});

describe("a pacer that is told of trouble", () => {
  const refused = (limit: Limit | null, throttledForMs = 30_000) => ({ throttledForMs, limit, fullness: null });
  const waitOf = (pacer: Pacer, cost: Cost, now: number, isUrgent = false) => {
    const turn = pacer.queue(cost, { isUrgent });
    const wait = pacer.take(turn, now);
    pacer.leave(turn);
    return wait;
  };

  it("holds all requests of the limit, and no others", () => {
    for (const [cost, named, held] of [
      [writes(1), null, "writes"],
      [writes(1), "writes", "writes"],
      [writes(1), "units", "units"],
      [reads(1), null, "units"],
      [{ ...reads(1), audits: 1 }, null, "audits"],
    ] as const) {
      const pacer = new Pacer();
      pacer.hear(cost, refused(named), 1_000);
      const hold = { limit: held, untilMs: 31_000 };
      assert.deepEqual(pacer.status(1_000).held, hold);
      assert.deepEqual(waitOf(pacer, writes(1), 30_999), held === "audits" ? null : { ...hold, because: "throttled" });
      assert.equal(waitOf(pacer, reads(1), 30_999)?.limit ?? null, held === "units" ? "units" : null);
      assert.equal(waitOf(pacer, writes(1), 31_000), null);
      assert.equal(pacer.status(31_000).held, null);
    }
  });

  it("a shorter refusal does not end a longer one", () => {
    const pacer = new Pacer();
    pacer.hear(writes(1), refused("writes", 60_000), 0);
    pacer.hear(writes(1), refused("writes", 1_000), 1_000);
    assert.equal(waitOf(pacer, writes(1), 2_000)?.untilMs, 60_000);
  });

  it("a read-back waits for no refusal but its own, and for no other request", () => {
    const pacer = new Pacer();
    pacer.hear(writes(1), refused("writes"), 0);
    pacer.hear(reads(1), refused("units"), 0);
    assert.deepEqual([waitOf(pacer, writes(1), 1, true), waitOf(pacer, reads(20), 1, true)], [null, null]);
  });

  it("and it may use what is left of the whole quota, but no more", () => {
    const pacer = new Pacer();
    const flood = { jobs: endless({ cost: reads(20), latencyMs: 1 }) };
    const urgent = { jobs: endless({ cost: reads(20), latencyMs: 1, isUrgent: true }) };
    const sent = drive(pacer, [flood, flood, flood, urgent], 60_000);
    const most = fullest(sent, "units", 10_000);
    assert.ok(most <= 3_500 && most > 3_400, `${most} of 3,500`);
    assert.ok(
      fullest(
        sent.filter(({ isUrgent }) => !isUrgent),
        "units",
        10_000,
      ) <= 2_800,
    );
  });

  it("leaves to others what they use, and takes it back when they are done", () => {
    const pacer = new Pacer();
    const alone: Lane = { jobs: [...Array<Job>(4).fill(unit(60)), { ...unit(60), fullness: 0.9 }] };
    // 300 are ours: others use 2,400 of 3,000, of which 450 were left to them anyway.
    drive(pacer, [alone]);
    const ours = drive(pacer, [{ fromMs: 10_000, jobs: endless(unit(20)) }], 4 * WINDOW);
    assert.ok(total(within(ours, 10_000, WINDOW), "writes") <= MOST - 1_950);
    assert.ok(total(within(ours, 2 * WINDOW, 3 * WINDOW), "writes") >= 0.95 * MOST);
  });

  it("goes slower where the quota is used up though we did not use it, and not where it is ours", () => {
    const after = (limit: Limit | null) => {
      const pacer = new Pacer();
      drive(pacer, [{ jobs: Array<Job>(5).fill(unit(60)) }]);
      pacer.hear(writes(1), refused(limit, 1_000), 1_010_000);
      return total(drive(pacer, [{ fromMs: 20_000, jobs: endless(unit(20)) }], WINDOW), "writes");
    };
    assert.ok(after("writes") <= 300, "others use 90 % of it: a tenth of our share is left");
    assert.ok(after(null) > 1_000, "no quota is named: it may be the service that is busy");
  });

  it("tells what it waits for", () => {
    const pacer = new Pacer(0.05);
    pacer.take(pacer.queue(writes(150)), 0);
    const turn = pacer.queue(writes(10));
    const wait = pacer.take(turn, 1_000);
    assert.equal(wait?.limit, "writes");
    assert.deepEqual(pacer.status(1_000).waiting, wait);
    assert.deepEqual(pacer.status(1_000).limits.writes, { used: 150, quota: 3_000, share: 0.05 });
    pacer.leave(turn);
    assert.equal(pacer.status(1_000).waiting, null);
  });

  it("of two paces the more careful one counts", () => {
    const pacer = new Pacer(0.95);
    pacer.slowDownTo(0.5);
    pacer.slowDownTo(0.8);
    const sent = drive(pacer, [{ jobs: endless(unit(60)) }], 3 * WINDOW);
    assert.ok(fullest(sent, "writes", WINDOW) <= 1_500);
  });
});

describe("requests sharing a quota", () => {
  const flood = (cost: Cost): Lane => ({ jobs: endless({ cost, latencyMs: 20 }) });
  const longestWait = (sent: readonly Sent[], lane: number) =>
    Math.max(...sent.filter((each) => each.lane === lane).map(({ askedMs, sentMs }) => sentMs - askedMs));

  it("a writer is not kept out by readers", () => {
    const writer: Lane = { jobs: endless({ cost: writes(20), latencyMs: 150, restMs: 3_000 }) };
    const sent = drive(new Pacer(), [writer, ...Array<Lane>(12).fill(flood(reads(40)))], 10 * MINUTE);
    const alone = drive(new Pacer(), [writer], 10 * MINUTE);
    assert.ok(longestWait(sent, 0) <= 10_000, `${longestWait(sent, 0)} ms`);
    assert.ok(total(only(sent, 0), "writes") >= 0.95 * total(alone, "writes"));
  });

  it("a reader is not kept out by writers, not even where they use up the units", () => {
    const many: Quotas = { ...QUOTAS, writes: { amount: 1_000_000, windowMs: WINDOW } };
    const reader: Lane = { jobs: endless({ cost: reads(40), latencyMs: 150, restMs: 1_000 }) };
    const sent = drive(new Pacer(0.8, many), [reader, ...Array<Lane>(12).fill(flood(writes(20)))], MINUTE);
    assert.ok(longestWait(sent, 0) <= 10_000, `${longestWait(sent, 0)} ms`);
  });

  it("small requests do not delay a large one for ever", () => {
    const large: Lane = { jobs: endless({ cost: reads(2_000), latencyMs: 20 }) };
    const sent = drive(new Pacer(), [large, ...Array<Lane>(30).fill(flood(reads(1)))], 10 * MINUTE);
    assert.ok(longestWait(sent, 0) <= 30_000, `${longestWait(sent, 0)} ms`);
  });

  it("waiting writes do not block reads", () => {
    const sent = drive(
      new Pacer(),
      [{ jobs: endless(unit(60)) }, { jobs: endless({ cost: reads(20), latencyMs: 300 }) }],
      5 * MINUTE,
    );
    assert.equal(longestWait(sent, 1), 0);
  });
});

describe("under any traffic", () => {
  /** Small quotas, so that everything happens often. */
  const quotas: Quotas = {
    writes: { amount: 50, windowMs: 15_000 },
    audits: { amount: 5, windowMs: 4_000 },
    units: [{ fromUsers: 0, amount: 120, windowMs: 4_000 }],
  };
  const cost = fc.oneof(
    fc.integer({ min: 1, max: 20 }).map(writes),
    fc.integer({ min: 1, max: 40 }).map(reads),
    fc.constant<Cost>({ writes: 0, units: 1, audits: 1 }),
  );
  const job = fc.record({
    cost,
    latencyMs: fc.nat(2_000),
    restMs: fc.oneof(fc.constant(0), fc.nat(5_000)),
    throttledForMs: fc.oneof(
      { weight: 20, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.nat(20_000) },
    ),
    fullness: fc.oneof(
      { weight: 10, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.double({ min: 0.8, max: 1.8, noNaN: true }) },
    ),
  });
  const lanes = fc.array(fc.array(job, { maxLength: 40 }), { minLength: 1, maxLength: 7 });
  const pace = fc.constantFrom(0.5, 0.8, 0.95);
  const asLanes = (all: readonly (readonly { [K in keyof Job]: Job[K] | undefined }[])[]): Lane[] =>
    all.map((jobs, at) => ({ fromMs: at * 100, jobs: jobs as readonly Job[] }));

  it("no window holds more than the share, wherever in its time Graph counts a request; nothing goes in a hold; all goes in the end", () => {
    fc.assert(
      fc.property(
        lanes,
        pace,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }),
        (all, share, when) => {
          const sent = drive(new Pacer(share, quotas), asLanes(all), 10_000_000);
          assert.equal(sent.length, all.flat().length);
          const countedAt = ({ sentMs, answeredMs }: Sent, index: number) =>
            sentMs + (when[index % when.length] ?? 0) * (answeredMs - sentMs);
          for (const limit of LIMITS) {
            const { amount, windowMs } = limit === "units" ? { amount: 120, windowMs: 4_000 } : quotas[limit];
            const most = Math.floor(share * amount);
            const found = fullest(sent, limit, windowMs, countedAt);
            assert.ok(found <= most, `${found} ${limit}, and ${most} are ours`);
          }
          for (const { cost: refusedCost, answeredMs, throttledForMs } of sent) {
            if (throttledForMs === null) continue;
            const limit = LIMITS.find((each) => each !== "units" && refusedCost[each] > 0) ?? "units";
            const early = sent.filter(
              (each) => each.cost[limit] > 0 && each.sentMs > answeredMs && each.sentMs < answeredMs + throttledForMs,
            );
            assert.deepEqual(early, []);
          }
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });
});

function within(sent: readonly Sent[], fromMs: number, toMs: number): readonly Sent[] {
  return sent.filter(({ sentMs }) => sentMs >= fromMs && sentMs < toMs);
}

function only(sent: readonly Sent[], lane: number): readonly Sent[] {
  return sent.filter((each) => each.lane === lane);
}

function near(found: number, expected: number): void {
  assert.ok(Math.abs(found - expected) < 0.1 * expected, `${found} instead of ${expected}`);
}
