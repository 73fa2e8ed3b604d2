import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { closingLine } from "../../tools/test/tally";
import { honestTally } from "../../tools/test/tests";

describe("the closing line of a test run", () => {
  const lines = [
    { tally: { passed: 3, failed: 0, skipped: 0 }, line: "3 passed, 0 failed" },
    { tally: { passed: 3, failed: 1, skipped: 2 }, line: "3 passed, 1 failed, 2 skipped" },
  ];
  for (const { tally, line } of lines) {
    it(`is "${line}"`, () => {
      assert.equal(closingLine(tally), line);
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
