import assert from "node:assert/strict";
import { formatDuration, formatRoundedDuration, parseDuration } from "../../licensing/duration";

describe("a duration from words", () => {
  const table: readonly [words: string, durationMs: number | null][] = [
    ["24 hours", 86_400_000],
    ["1 minute", 60_000],
    ["2 weeks", 1_209_600_000],
    ["0 minutes", 0],
    ["24", null],
    ["-1 hours", null],
    ["soon", null],
  ];
  for (const [words, durationMs] of table) {
    it(`${words}: ${durationMs ?? "none"}`, () => assert.equal(parseDuration(words), durationMs));
  }
});

describe("a duration in words", () => {
  const table: [durationMs: number, words: string][] = [
    [86_400_000, "24 hours"],
    [172_800_000, "2 days"],
    [5_400_000, "90 minutes"],
    [3_600_000, "60 minutes"],
    [120_000, "2 minutes"],
    [45_000, "45 seconds"],
    [1_000, "1 second"],
    [1_500, "1,500 milliseconds"],
  ];
  for (const [durationMs, words] of table) {
    it(words, () => {
      assert.equal(formatDuration(durationMs), words);
    });
  }

  it("rounds a measured one up, as people plan it", () => {
    const cases = [0, 300, 59_000, 61_000, 3_600_000, 5_400_001, 24 * 3_600_000, 7 * 24 * 3_600_000];
    assert.deepEqual(cases.map(formatRoundedDuration), [
      "0 s",
      "1 s",
      "59 s",
      "2 min",
      "1 h",
      "1 h 31 min",
      "24 h",
      "7 days",
    ]);
  });
});
