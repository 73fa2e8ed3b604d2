import assert from "node:assert/strict";
import { didYouMean, nearest } from "../../licensing/nearest";

const SKUS = ["EMS", "EMSPREMIUM", "ENTERPRISEPACK", "ENTERPRISEPREMIUM", "VISIOCLIENT", "SPE_E3", "SPE_E5"];

describe("the nearest known words", () => {
  const table: [typed: string, found: readonly string[]][] = [
    ["ENTERPRISPACK", ["ENTERPRISEPACK"]],
    ["enterprisepack", ["ENTERPRISEPACK", "ENTERPRISEPREMIUM"]],
    ["SPE_E4", ["SPE_E3", "SPE_E5"]],
    ["VISIO", ["VISIOCLIENT"]],
    ["ZZZZZZZZ", []],
    ["", []],
  ];
  for (const [typed, found] of table) {
    it(`of "${typed}" are ${found.join(", ") || "none"}`, () => {
      assert.deepEqual(nearest(typed, SKUS).slice(0, found.length || 1), found);
    });
  }

  it("are three at most, best first, each once, equals in the order of the alphabet", () => {
    assert.deepEqual(nearest("SPE_E", ["SPE_E5", "SPE_E4", "SPE_E3", "SPE_E2", "SPE_E", "SPE_E"]), [
      "SPE_E",
      "SPE_E2",
      "SPE_E3",
    ]);
  });

  it("one or two letters inside a word do not make it near", () => {
    assert.deepEqual(nearest("SP", ["SHAREPOINTENTERPRISE SP"]), []);
  });

  it("as a question", () => {
    assert.equal(didYouMean("SPE_E4", SKUS), ' Did you mean "SPE_E3" or "SPE_E5"?');
    assert.equal(didYouMean("VISIO", SKUS), ' Did you mean "VISIOCLIENT"?');
    assert.equal(didYouMean("nothing like it", SKUS), "");
  });
});
