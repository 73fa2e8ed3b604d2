import assert from "node:assert/strict";
import { movedEnough, formatShortfall, type WaveOutcome } from "../../licensing/wave-outcome";

const shown = (moved: number, missed: number, blocked: number): WaveOutcome => ({ moved, missed, blocked });

describe("what a wave has to show before it counts as done", () => {
  const table: readonly [what: string, outcome: WaveOutcome, minMoved: number, isEnough: boolean][] = [
    ["no user holds anything directly", shown(0, 0, 0), 0.5, true],
    ["no user was moved, and some are blocked", shown(0, 0, 3), 0.5, false],
    ["no user was moved that the plan thought movable", shown(0, 3, 3), 0.5, false],
    ["half of the movable users were moved", shown(3, 3, 3), 0.5, true],
    ["fewer than half of them", shown(2, 3, 3), 0.5, false],
    ["blocked users that the plan foresaw do not count", shown(1, 0, 500), 0.5, true],
    ["all of them are asked for", shown(99, 1, 1), 1, false],
    ["nothing is asked for", shown(0, 3, 3), 0, true],
  ];
  for (const [what, outcome, minMoved, isEnough] of table) {
    it(`${what}: ${isEnough ? "enough" : "not enough"} for ${minMoved * 100} %`, () => {
      assert.equal(movedEnough(outcome, minMoved), isEnough);
    });
  }

  it("is said with both numbers", () => {
    assert.equal(
      formatShortfall(shown(1, 5, 5), 0.5),
      "it moved 1 of 6 users that its plan thought movable, and minMoved asks for 50 %",
    );
    assert.equal(formatShortfall(shown(0, 0, 3), 0.5), "it moved no user, and 3 users are blocked");
  });
});
