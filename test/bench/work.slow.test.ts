import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { countWork } from "../../dev/bench/work/count-work";

describe("The counted work of the product and of the embedded Graph", function () {
  this.timeout(300_000);

  it("stays within its bounds as users and groups grow", async () => {
    const work = await countWork();
    assert.ok(work.length > 30);
    assert.deepEqual(
      work.filter(({ holds }) => !holds),
      [],
    );
  });
});
