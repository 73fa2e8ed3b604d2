import assert from "node:assert/strict";
import fc from "fast-check";
import { packIds, packPairs } from "../../licensing/compact-ids";
import type { RemovalRun } from "../../licensing/removals-on-record";
import { packSliceRecord, unpackSliceRecord, type SliceRecord } from "../../licensing/slice-record";
import { skuId, userId } from "./builders";

const AT = "2026-11-02T08:00:00.000Z";
const [ems, e3] = [skuId("EMS"), skuId("ENTERPRISEPACK")];

/** The same, whatever the order in which it is told. */
function told({ taken, removed }: SliceRecord) {
  const words = ({ at, pairs }: RemovalRun) => [at, new Set(pairs.map(({ userId: id, skuId: sku }) => `${id} ${sku}`))];
  return [new Set(taken), removed.map(words)];
}

describe("what a part of a wave remembers of its users", () => {
  const anyRecord = fc.uniqueArray(fc.uuid(), { maxLength: 60 }).chain((ids) => {
    const anyPairs = fc
      .tuple(fc.subarray(ids), fc.subarray(ids))
      .map(([one, other]) => [
        ...one.map((id) => ({ userId: id, skuId: ems })),
        ...other.map((id) => ({ userId: id, skuId: e3 })),
      ]);
    return fc.record({
      taken: fc.constant(ids),
      removed: fc.array(fc.record({ at: fc.constant(AT), pairs: anyPairs }), { maxLength: 3 }),
    });
  });

  it("comes out of the state as it went in (property)", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const state = JSON.parse(JSON.stringify(packSliceRecord(record))) as ReturnType<typeof packSliceRecord>;
        assert.deepEqual(told(unpackSliceRecord(state)), told(record));
      }),
    );
  });

  it("is the same text in whatever order it was found (property)", () => {
    fc.assert(
      fc.property(anyRecord, ({ taken, removed }) => {
        const turned = removed.map(({ at, pairs }) => ({ at, pairs: [...pairs].reverse() }));
        const packed = packSliceRecord({ taken: [...taken].reverse(), removed: turned });
        assert.deepEqual(packed, packSliceRecord({ taken, removed }));
      }),
    );
  });

  it("takes whom it removed something from, even where nobody said that it took them", () => {
    const pairs = [{ userId: userId("ada"), skuId: ems }];
    const packed = packSliceRecord({ taken: [], removed: [{ at: AT, pairs }] });
    assert.deepEqual(unpackSliceRecord(packed), { taken: [userId("ada")], removed: [{ at: AT, pairs }] });
  });

  it("is read from states of older versions: with ids instead of places, or without what was removed", () => {
    const pairs = [
      { userId: userId("ada"), skuId: ems },
      { userId: userId("ben"), skuId: e3 },
    ];
    const __taken = packIds(["ada", "ben"].map(userId));
    const __removed = [{ at: AT, pairs: packPairs(pairs) }];
    const taken = ["ada", "ben"].map(userId);
    assert.deepEqual(told(unpackSliceRecord({ __taken, __removed })), told({ taken, removed: [{ at: AT, pairs }] }));
    assert.deepEqual(told(unpackSliceRecord({ __taken })), told({ taken, removed: [] }));
  });

  it("is refused when anything in it is not as it was written (property)", () => {
    const state = JSON.stringify(
      packSliceRecord({
        taken: ["ada", "ben", "cleo"].map(userId),
        removed: [{ at: AT, pairs: [{ userId: userId("ben"), skuId: ems }] }],
      }),
    );
    const places = fc.integer({ min: 0, max: state.length - 1 });
    fc.assert(
      fc.property(places, fc.constantFrom("0", "1", "A", "b", ""), (at, instead) => {
        const other = state.slice(0, at) + instead + state.slice(at + 1);
        if (other === state) return;
        let changed: unknown;
        try {
          changed = JSON.parse(other);
        } catch {
          return; // The engine refuses what is no JSON.
        }
        // Without a seal it is an older state.
        if (Object.keys(changed as object).includes("__seal")) {
          assert.throws(() => unpackSliceRecord(changed as ReturnType<typeof packSliceRecord>));
        }
      }),
      { numRuns: 500 },
    );
  });
});
