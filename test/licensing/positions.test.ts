import assert from "node:assert/strict";
import fc from "fast-check";
import { packPositions, unpackPositions } from "../../licensing/record/positions";

const everyOf = (of: number, step = 1) => Array.from({ length: Math.ceil(of / step) }, (_, index) => index * step);

describe("places in a list, as text", () => {
  it("are ranges where people can read them", () => {
    assert.equal(packPositions(everyOf(617), 617), "0-616");
    assert.equal(packPositions([0, 3, 4, 5, 90], 1_000), "0,3-5,90");
    assert.equal(packPositions([], 1_000), "");
  });

  it("are one bit each where ranges would be longer", () => {
    const packed = packPositions(everyOf(1_000, 2), 1_000);
    assert.match(packed, /^#/);
    assert.ok(packed.length <= 1_000 / 6 + 5, `${packed.length} characters`);
  });

  it("come out as they went in (property)", () => {
    const some = fc.integer({ min: 0, max: 300 }).chain((of) => fc.tuple(fc.constant(of), fc.subarray(everyOf(of))));
    fc.assert(
      fc.property(some, ([of, places]) => {
        assert.deepEqual(unpackPositions(packPositions(places, of), of), places);
      }),
    );
  });

  for (const [what, packed] of [
    ["beyond the list", "0-10"],
    ["out of order", "5,3"],
    ["twice", "3,3"],
    ["the wrong way round", "5-3"],
    ["no numbers", "all"],
    ["in another spelling", "0,1,2"],
    ["bits beyond the list", "#//8="],
    ["a huge range", "0-99999999"],
  ] as const) {
    it(`are refused when they are ${what}`, () => {
      assert.throws(() => unpackPositions(packed, 10), /^Refusal: The record in this stack's state is damaged/);
    });
  }
});
