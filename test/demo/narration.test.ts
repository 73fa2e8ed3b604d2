import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { wrapped } from "../../demo/narration";

describe("the demo's prose", () => {
  it("is broken between words where the terminal is narrower", () => {
    assert.equal(wrapped("The groups get the licences", 14), "The groups get\nthe licences");
    assert.equal(wrapped("/tmp/a-long-word then", 5), "/tmp/a-long-word\nthen");
  });

  it("stays one line where there is no terminal", () => {
    assert.equal(wrapped("The groups get the licences", undefined), "The groups get the licences");
  });
});
