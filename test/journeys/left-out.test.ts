import assert from "node:assert/strict";
import { journeyOf, seedStackFile } from "./journey";
import { mixedTenant } from "./mixed-tenant";

describe("journey: parts of the stack are left out by a flag", function () {
  this.timeout(120_000);

  const journey = journeyOf(() => ({ tenant: mixedTenant(), processing: { joinMs: 100 } }), {
    ...seedStackFile,
    "licensing:applyThrough": "everyone",
  });

  it("a wave of a new stack without what it depends on ends at once, in the engine's one sentence", async () => {
    const startedMs = Date.now();
    const said = await journey.upHalted({ words: ["--target", "**everyone-1"] });
    assert(Date.now() - startedMs < 30_000, "seconds, not minutes");
    const [error = "", ...more] = said.text.match(/^ +error: .+$/gm) ?? [];
    assert.deepEqual(more, []);
    assert.match(error, /everyone-1' depends on .+ not specified in --target list\.$/);
  });
});
