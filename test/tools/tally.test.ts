import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { closingLines } from "../../tools/test/tally";
import { honestTally } from "../../tools/test/tests";

describe("the closing lines of a test run", () => {
  const ends = [
    { tally: { passed: 3, failed: 0, skipped: 0 }, lines: "3 passed, 0 failed" },
    { tally: { passed: 3, failed: 1, skipped: 2 }, lines: "2 skipped\n3 passed, 1 failed" },
  ];
  for (const { tally, lines } of ends) {
    it(`are ${JSON.stringify(lines)}`, () => {
      assert.equal(closingLines(tally), lines);
    });
  }

  const runs = [
    { run: "all passed", code: 0, reported: { passed: 5, failed: 0, skipped: 0 }, failed: 0 },
    { run: "two failed", code: 2, reported: { passed: 5, failed: 2, skipped: 0 }, failed: 2 },
    { run: "a test file can't be loaded", code: 1, reported: undefined, failed: 1 },
    { run: "mocha was killed after its tests", code: null, reported: { passed: 5, failed: 0, skipped: 0 }, failed: 1 },
    { run: "mocha ended well without a word", code: 0, reported: undefined, failed: 1 },
  ];
  for (const { run, code, reported, failed } of runs) {
    it(`counts ${failed} failed when ${run}`, () => {
      assert.equal(honestTally(code, reported, () => undefined).failed, failed);
    });
  }
});
