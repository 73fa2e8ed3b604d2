import assert from "node:assert/strict";
import fc from "fast-check";
import { sliceCount, sliceOf } from "../../licensing/slices";
import { hashPosition } from "../../licensing/plan/wave-membership";
import { userId } from "./builders";

describe("the slices of a wave", () => {
  it("are a power of two of about a thousand users each, at least one", () => {
    const table: [users: number, slices: number][] = [
      [0, 1],
      [1_000, 1],
      [1_001, 2],
      [2_001, 4],
      [4_000, 4],
      [100_000, 128],
    ];
    for (const [users, slices] of table) assert.equal(sliceCount(users), slices, `${users} users`);
  });

  it("split as the wave grows, and no user changes to a slice that was not split off theirs (property)", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 0, max: 10 }), (id, power) => {
        const before = sliceOf(id, 2 ** power);
        const after = sliceOf(id, 2 ** (power + 1));
        assert.ok(after === before || after === before + 2 ** power);
        assert.ok(before >= 0 && before < 2 ** power);
      }),
    );
  });

  it("are of about the same size, also within a wave by percent", () => {
    const tenth = Array.from({ length: 20_000 }, (_, n) => userId(`number ${n}`)).filter(
      (id) => hashPosition(id) < 0.1,
    );
    const sizes = [0, 0, 0, 0];
    for (const id of tenth) sizes[sliceOf(id, 4)] = (sizes[sliceOf(id, 4)] ?? 0) + 1;
    for (const size of sizes) assert.ok(Math.abs(size / tenth.length - 0.25) < 0.05, sizes.join(" "));
  });
});
