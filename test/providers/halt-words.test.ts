import assert from "node:assert/strict";
import { formatHalt } from "../../dynamic-providers/removal/halt-words";

describe("a part of a wave that halts", () => {
  const pair = (userId: string, skuId = "sku") => ({ userId, skuId });
  const result = {
    removed: [pair("a"), pair("a", "other"), pair("b")],
    blocked: [{ ...pair("c"), reason: { kind: "source-unknown" } as const }],
    refused: [],
    pending: [],
    gone: [],
    lookedAt: 340,
    halt: "why",
  };
  const words = (slice: string, users = 1_000) => formatHalt({ wave: "everyone", slice }, "why", result, users);

  it("says why, how far it came, what was not begun, and what to do", () => {
    assert.equal(
      words("2 of 4"),
      "wave everyone (2 of 4) halted: why. Stopped after 340 of 1,000 users of this part: 3 direct assignments removed, " +
        "1 user blocked; 660 users were not looked at yet. Parts 3 to 4 of this wave and all later waves were not begun. " +
        "Run pulumi up again: it goes on from here.",
    );
  });

  it("names the parts behind it, where there are some", () => {
    assert.match(words("3 of 4"), /\. Part 4 of this wave and all later waves were not begun\. /);
    assert.match(words("4 of 4", 341), /; 1 user was not looked at yet\. No later wave was begun\. /);
    assert.match(words("1 of 1", 340), /; no user is left to look at\. No later wave was begun\. /);
  });
});
