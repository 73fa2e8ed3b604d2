import assert from "node:assert/strict";
import type { Baseline } from "../../licensing/record/baseline";
import { interruptedIn, packBegun, type EndOfPart } from "../../licensing/record/interrupted-removals";
import { sliceOf } from "../../licensing/slices";
import { EMS, userId } from "./builders";

const BEGAN = "2026-11-29T12:00:00.000Z";
const users = Array.from({ length: 20 }, (_, at) => userId(`user ${at}`));
const inPart = (number: number) => users.filter((id) => sliceOf(id, 2) === number - 1);
const baseline: Baseline = new Map(users.map((id) => [id, new Map([[EMS.id, { skuId: EMS.id, disabledPlans: [] }]])]));
const pairs = users.map((id) => ({ userId: id, skuId: EMS.id }));
const begun = packBegun(
  BEGAN,
  [
    { wave: "canary", parts: 1, pairs: pairs.slice(0, 1) },
    { wave: "everyone", parts: 2, pairs: pairs.slice(1) },
  ],
  baseline,
);
const through: EndOfPart = { at: BEGAN, isThrough: true };
const earlier: EndOfPart = { at: "2026-11-29T11:00:00.000Z", isThrough: true };

describe("what a killed run was about to remove", () => {
  const table: readonly [string, Record<string, EndOfPart>, readonly string[]][] = [
    ["is the first wave where nothing has ended", {}, users.slice(0, 1)],
    ["is the first part that has not ended", { "canary 1": through }, inPart(1).filter((id) => id !== users[0])],
    [
      "is a part with a last end of an earlier run",
      { "canary 1": through, "everyone 1": through, "everyone 2": earlier },
      inPart(2).filter((id) => id !== users[0]),
    ],
    ["is nothing behind a part that halted", { "canary 1": { at: BEGAN, isThrough: false } }, []],
    ["is nothing where all have ended", { "canary 1": through, "everyone 1": through, "everyone 2": through }, []],
  ];
  for (const [title, ends, expected] of table) {
    it(title, () => {
      const found = interruptedIn(begun, baseline, new Map(Object.entries(ends)), new Map());
      assert.deepEqual(found.pairs.map((pair) => pair.userId).sort(), [...expected].sort());
    });
  }

  it("is not what has been given back, or judged, since", () => {
    const settled = new Map(users.slice(0, 1).map((id) => [id, new Map([[EMS.id, Date.parse(BEGAN) + 1]])]));
    assert.deepEqual(interruptedIn(begun, baseline, new Map(), settled).pairs, []);
  });

  it("is nothing in a state that does not tell", () => {
    assert.deepEqual(interruptedIn(undefined, baseline, new Map(), new Map()).pairs, []);
  });
});
