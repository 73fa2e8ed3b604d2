import assert from "node:assert/strict";
import { GraphClock } from "../../graph/client/graph-clock";
import { clockWarnings } from "../../tenant/clock-warnings";

const NOON = Date.parse("2026-11-29T12:00:00Z");
const HOUR = 3_600_000;

const dated = (ms: number): Headers => new Headers({ Date: new Date(ms).toUTCString() });

describe("Graph's time", () => {
  let ours: number;
  let clock: GraphClock;

  beforeEach(() => {
    ours = NOON;
    clock = new GraphClock(() => ours);
  });

  it("is our own until an answer has told it, and so it stays where answers have no Date, or one that is none", () => {
    clock.hear(new Headers());
    clock.hear(new Headers({ Date: "yesterday" }));
    assert.deepEqual([clock.now(), clock.oursAheadMs()], [NOON, null]);
  });

  it("is that of the Date header, however far off ours is, and goes on between two answers", () => {
    clock.hear(dated(NOON + 24 * HOUR));
    assert.equal(clock.oursAheadMs(), -24 * HOUR);
    ours += 700;
    assert.equal(clock.now(), NOON + 24 * HOUR + 700);
  });

  it("is never taken back by a second that was cut off, or an answer that came late", () => {
    clock.hear(dated(NOON));
    ours += 1_900;
    clock.hear(dated(NOON + 1_000));
    ours += 20_000;
    clock.hear(dated(NOON + 2_000));
    assert.equal(clock.now(), NOON + 21_900);
  });

  it("is right again after our own clock was set", () => {
    clock.hear(dated(NOON + 24 * HOUR));
    ours = NOON + 24 * HOUR;
    clock.hear(dated(ours));
    assert.deepEqual([clock.now(), clock.oursAheadMs()], [ours, 0]);
  });
});

describe("what is said of this machine's clock", () => {
  const cases: readonly (readonly [string, number | null, RegExp | null])[] = [
    ["nothing while it is right", 0, null],
    ["nothing up to five minutes", -300_000, null],
    ["behind", -301_000, /more than 5 minutes behind Graph's\. Soaks are counted by Graph's/],
    ["ahead", 7 * HOUR + 60_000, /more than 7 hours ahead of Graph's/],
    ["days", -50 * HOUR, /more than 2 days behind/],
    ["that nothing tells Graph's", null, /do not tell the time .*counted by this machine's clock/],
  ];
  for (const [name, aheadMs, words] of cases) {
    it(name, () => {
      const said = clockWarnings(aheadMs);
      assert.equal(said.length, words === null ? 0 : 1);
      if (words !== null) assert.match(said[0] ?? "", words);
    });
  }
});
