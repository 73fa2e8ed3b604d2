import assert from "node:assert/strict";
import fc from "fast-check";
import { DamagedRecord } from "../../licensing/record/damaged-record";
import type { RefusedRemoval } from "../../licensing/decision/refused-removals";
import type { RemovalRun } from "../../licensing/record/removals-on-record";
import {
  packSliceRecord,
  unpackSliceRecord,
  type PackedSliceRecord,
  type SliceRecord,
} from "../../licensing/record/slice-record";
import { skuId, userId } from "./builders";
import { keptByEngine } from "./kept-by-engine";

const AT = "2026-11-02T08:00:00.000Z";
const [ems, e3] = [skuId("EMS"), skuId("ENTERPRISEPACK")];

/** The same, in any order. */
function told({ taken, removed, refused, missed = [] }: SliceRecord) {
  const words = ({ at, pairs }: RemovalRun) => [at, new Set(pairs.map(({ userId: id, skuId: sku }) => `${id} ${sku}`))];
  return [
    new Set(taken),
    new Set(missed),
    removed.map(words),
    new Set(refused.map((each) => JSON.stringify(keptByEngine(each)))),
  ];
}

const of = (name: string, sku: string, detail: string, licenses: string): RefusedRemoval => ({
  ...{ userId: userId(name), skuId: sku, licenses },
  reason: { kind: "refused", detail },
});

describe("what a part of a wave remembers of its users", () => {
  const anyDetail = fc.oneof(fc.constantFrom("Never.", "Not today.", "", "__proto__"), fc.string());
  const anyReason = fc.oneof(
    fc.record({ kind: fc.constantFrom("refused", "dependent-plan"), detail: anyDetail }, { noNullPrototype: true }),
    fc.constant({ kind: "user-locked" } as const),
  );
  const anyDigest = fc.constantFrom("0123456789abcdef", "fedcba9876543210", "0000000000000000");
  const anyRecord = fc.uniqueArray(fc.uuid(), { maxLength: 60 }).chain((ids) => {
    const anyPairs = fc
      .tuple(fc.subarray(ids), fc.subarray(ids))
      .map(([one, other]) => [
        ...one.map((id) => ({ userId: id, skuId: ems })),
        ...other.map((id) => ({ userId: id, skuId: e3 })),
      ]);
    const anyRefused = fc.tuple(anyPairs, anyReason, anyDigest).map(([pairs, reason, licenses]): RefusedRemoval[] => {
      return pairs.map((pair) => ({ ...pair, reason, licenses }));
    });
    return fc.record({
      taken: fc.constant(ids),
      missed: fc.subarray(ids),
      removed: fc.array(fc.record({ at: fc.constant(AT), pairs: anyPairs }), { maxLength: 3 }),
      refused: fc.array(anyRefused, { maxLength: 4 }).map((each) => each.flat()),
    });
  });

  it("comes out of the state as it went in (property)", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        assert.deepEqual(told(unpackSliceRecord(keptByEngine(packSliceRecord(record)))), told(record));
      }),
    );
  });

  it("is the same text when found in any order (property)", () => {
    fc.assert(
      fc.property(anyRecord, ({ taken, removed, refused, missed }) => {
        const turned = {
          taken: [...taken].reverse(),
          removed: removed.map(({ at, pairs }) => ({ at, pairs: [...pairs].reverse() })),
          refused: keptByEngine([...refused].reverse()),
          missed: [...missed].reverse(),
        };
        const textOf = (record: SliceRecord) => JSON.stringify(keptByEngine(packSliceRecord(record)));
        assert.equal(textOf(turned), textOf({ taken, removed, refused, missed }));
      }),
    );
  });

  it("has a reason of Entra's once, and its users by their places", () => {
    const { __refused } = packSliceRecord({
      taken: ["ada", "ben", "cleo"].map(userId),
      removed: [],
      refused: [
        of("ada", ems, "Never.", "0123456789abcdef"),
        of("ben", ems, "Never.", "0123456789abcdef"),
        of("cleo", ems, "Never.", "fedcba9876543210"),
        of("cleo", e3, "Never.", "fedcba9876543210"),
      ],
    });
    const places = ["ada", "ben", "cleo"].map(userId).sort();
    const at = (...names: readonly string[]) => names.map((name) => places.indexOf(userId(name))).sort();
    const [one, ...others] = __refused;
    assert.deepEqual(others, []);
    assert.ok(one !== undefined);
    assert.deepEqual(one.reason, { kind: "refused", detail: "Never." });
    assert.deepEqual(Object.keys(one.of).sort(), [ems, e3].sort());
    assert.deepEqual(one.of[e3], { fedcba9876543210: at("cleo").join() });
    assert.deepEqual(Object.keys(one.of[ems] ?? {}).sort(), ["0123456789abcdef", "fedcba9876543210"]);
  });

  it("takes the users of a removal or a refusal of Entra's, even where the list of taken users lacks them", () => {
    const removed = [{ at: AT, pairs: [{ userId: userId("ada"), skuId: ems }] }];
    const refused = [of("ben", ems, "Never.", "0123456789abcdef")];
    const packed = packSliceRecord({ taken: [], removed, refused });
    assert.deepEqual(unpackSliceRecord(packed), {
      taken: ["ada", "ben"].map(userId).sort(),
      removed,
      refused,
      missed: [],
    });
  });

  it("is refused when anything in it is not as it was written (property)", () => {
    const state = JSON.stringify(
      packSliceRecord({
        taken: ["ada", "ben", "cleo"].map(userId),
        removed: [{ at: AT, pairs: [{ userId: userId("ben"), skuId: ems }] }],
        refused: [of("cleo", ems, "Never.", "0123456789abcdef"), of("ada", e3, "Abba", "fedcba9876543210")],
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
        assert.throws(() => unpackSliceRecord(changed as PackedSliceRecord), DamagedRecord);
      }),
      { numRuns: 500 },
    );
  });

  it("is refused when a field is missing", () => {
    const packed = packSliceRecord({ taken: [userId("ada")], removed: [], refused: [] });
    for (const field of Object.keys(packed)) {
      const without = Object.fromEntries(Object.entries(packed).filter(([name]) => name !== field));
      assert.throws(() => unpackSliceRecord(without as unknown as PackedSliceRecord), DamagedRecord, field);
    }
  });
});
