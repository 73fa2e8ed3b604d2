import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { atMostTimes, theSame } from "../../dev/bench/work/counted";
import { elementsLookedAt } from "../../dev/bench/work/elements-looked-at";

describe("Counted work", () => {
  const numbers = Array.from({ length: 100 }, (_, at) => at);
  const byNumber = new Map(numbers.map((each) => [each, each]));

  it("is each element that a callback, a loop or a search goes through", async () => {
    assert.equal(await elementsLookedAt(() => numbers.map((each) => each + 1)), 100);
    assert.equal(await elementsLookedAt(() => numbers.some((each) => each === 9)), 10);
    assert.equal(await elementsLookedAt(() => numbers.includes(200)), 100);
    assert.equal(await elementsLookedAt(() => [...byNumber.values()]), 101);
    assert.equal(await elementsLookedAt(() => byNumber.get(5)), 0);
  });

  it("leaves arrays and maps as they were, also after a failure", async () => {
    const methods = () => [Reflect.get(Array.prototype, "map"), Reflect.get(Map.prototype, "forEach")];
    const before = methods();
    await assert.rejects(
      elementsLookedAt(() => {
        throw new Error("no");
      }),
    );
    assert.deepEqual(methods(), before);
  });

  it("is beyond its bound where it grows faster, or where nothing is counted", () => {
    const counted = (small: number, large: number) => ({ work: "", sizes: "", small, large });
    assert.equal(theSame(counted(100, 160)).holds, true);
    assert.equal(theSame(counted(100, 161)).holds, false);
    assert.equal(atMostTimes(11, counted(100, 1_100), 5).holds, true);
    assert.equal(atMostTimes(11, counted(100, 1_101), 5).holds, false);
    assert.equal(atMostTimes(11, counted(100, 499), 5).holds, false);
  });
});
