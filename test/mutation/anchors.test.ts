import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { anchorsInCode, textWithout } from "./anchors";
import { CHECKS, CONTROLS } from "./checks";

describe("the safety checks in the code", () => {
  const anchors = anchorsInCode();

  it("have each one anchor, and each anchor is of one of them", () => {
    assert.deepEqual(anchors.map(({ name }) => name).sort(), CHECKS.map(({ name }) => name).sort());
    assert.deepEqual(
      CONTROLS.filter((name) => !CHECKS.some((check) => check.name === name)),
      [],
    );
  });

  for (const check of CHECKS) {
    it(`can be taken out: ${check.name}`, () => {
      const anchor = anchors.find(({ name }) => name === check.name);
      assert.ok(anchor);
      assert.notEqual(textWithout(check, anchor), anchor.text);
    });
  }
});
