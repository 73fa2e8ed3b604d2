import assert from "node:assert/strict";
import { parseDuration } from "../../licensing/stack-file/duration";

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
