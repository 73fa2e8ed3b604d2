import assert from "node:assert/strict";
import fc from "fast-check";

import { planDocumentSchema } from "../../licensing/plan-document/schema";
import { exitCodeOf, verdictOf, worst, type Verdict } from "../../licensing/verdict";

const VERDICTS: readonly Verdict[] = ["pass", "wait", "fail"];
const known = fc.constantFrom(...VERDICTS);

describe("verdicts", () => {
  it("the worst decides, in any order", () => {
    fc.assert(
      fc.property(fc.array(known), (verdicts) => {
        const expected = verdicts.includes("fail") ? "fail" : verdicts.includes("wait") ? "wait" : "pass";
        assert.equal(worst(verdicts), expected);
        assert.equal(worst([...verdicts].reverse()), expected);
      }),
    );
  });

  it("what is unknown never passes", () => {
    fc.assert(
      fc.property(fc.array(known), fc.nat(), (verdicts, at) => {
        assert.notEqual(worst([...verdicts.slice(0, at), null, ...verdicts.slice(at)]), "pass");
      }),
    );
    assert.notEqual(verdictOf(null), "pass");
  });

  it("a command ends with 1 only where it cannot go on", () => {
    assert.deepEqual(VERDICTS.map(exitCodeOf), [0, 0, 1]);
  });

  it("a plan that stops fails, and one that needs a look waits for it", () => {
    const words = planDocumentSchema.shape.verdict.shape.word.options;
    assert.deepEqual(
      words.map((word) => [word, verdictOf(word)]),
      [
        ["safe", "pass"],
        ["nothing-to-do", "pass"],
        ["needs-a-look", "wait"],
        ["stops", "fail"],
      ],
    );
  });
});
