import assert from "node:assert/strict";
import fc from "fast-check";
import { packIds, packPairs, unpackIds, unpackPairs } from "../../licensing/record/compact-ids";

describe("ids in compact form", () => {
  it("come out sorted, each once (property)", () => {
    fc.assert(
      fc.property(fc.array(fc.uuid(), { maxLength: 50 }), (ids) => {
        assert.deepEqual(unpackIds(packIds([...ids, ...ids])), [...new Set(ids)].sort());
      }),
    );
  });

  it("are the same text in any order of input (property)", () => {
    fc.assert(fc.property(fc.array(fc.uuid()), (ids) => assert.equal(packIds([...ids].reverse()), packIds(ids))));
  });

  it("no ids give an empty string", () => {
    assert.equal(packIds([]), "");
    assert.deepEqual(unpackIds(""), []);
  });

  it("take 22 characters each, and base64 reads them", () => {
    assert.equal(packIds(["00112233-4455-6677-8899-aabbccddeeff"]), "ABEiM0RVZneImaq7zN3u/w==");
    assert.equal(
      packIds(Array.from({ length: 300 }, (_, n) => `${String(n).padStart(8, "0")}-0000-0000-0000-000000000000`))
        .length,
      (300 * 64) / 3,
    );
  });

  for (const [what, packed] of [
    ["cut short", "ABEiM0RVZneImaq7zN3u"],
    ["with a character that is no base64", "ABEiM0RVZneImaq7zN3u*w=="],
    ["with a word before it", " ABEiM0RVZneImaq7zN3u/w=="],
  ] as const) {
    it(`are refused when the text is ${what}: half a list would pass for a whole one`, () => {
      assert.throws(() => unpackIds(packed), /^Refusal: The record in this stack's state is damaged/);
    });
  }
});

describe("users by SKU in compact form", () => {
  const anyPairs = fc.array(fc.record({ userId: fc.uuid(), skuId: fc.uuid() }, { noNullPrototype: true }));

  it("come out as the SKUs of each user (property)", () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const byUser = unpackPairs(packPairs(pairs));
        const out = [...byUser].flatMap(([userId, skuIds]) => [...skuIds].map((skuId) => `${userId} ${skuId}`));
        assert.deepEqual(new Set(out), new Set(pairs.map(({ userId, skuId }) => `${userId} ${skuId}`)));
      }),
    );
  });

  it("are the same in any order of input (property)", () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        assert.equal(JSON.stringify(packPairs([...pairs].reverse())), JSON.stringify(packPairs(pairs)));
      }),
    );
  });
});
