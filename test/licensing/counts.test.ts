import assert from "node:assert/strict";
import { addCounts, counted, negated, countByName, thousands, total, formatCounts } from "../../licensing/counts";

describe("counts by name", () => {
  it("reads from the frequent to the rare, equals in the order of the alphabet", () => {
    assert.deepEqual(Object.entries(countByName(["c", "b", "a", "b"])), [
      ["b", 2],
      ["a", 1],
      ["c", 1],
    ]);
    assert.deepEqual(countByName([]), {});
  });

  it("adds up, and drops what comes to nothing", () => {
    assert.deepEqual(addCounts([{ EMS: 5, E3: 2 }, negated({ EMS: 5 }), { E3: 1 }]), { E3: 3 });
    assert.equal(total({ EMS: 5, E3: 2 }), 7);
    assert.equal(total({}), 0);
  });

  it("in words, in any locale of the machine", () => {
    assert.equal(formatCounts({ EMS: 1_200, ENTERPRISEPACK: 5 }), "1,200 EMS, 5 ENTERPRISEPACK");
    assert.equal(thousands(1_234_567), "1,234,567");
    assert.deepEqual(
      [counted(0, "user"), counted(1, "user"), counted(1_200, "user"), counted(2, "member is", "members are")],
      ["0 users", "1 user", "1,200 users", "2 members are"],
    );
  });
});
