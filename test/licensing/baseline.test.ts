import assert from "node:assert/strict";
import fc from "fast-check";
import {
  baselineDigest,
  baselineOf,
  grow,
  packBaseline,
  recordedBaseline,
  unpackBaseline,
  type Baseline,
} from "../../licensing/record/baseline";
import { packIds, unpackIds } from "../../licensing/record/compact-ids";
import type { License } from "../../licensing/model";
import { direct, inherited, license, planId, skuId, user, userId } from "./builders";

const DECLARED = new Set([skuId("EMS"), skuId("ENTERPRISEPACK")]);

function baseline(entries: Readonly<Record<string, readonly License[]>>): Baseline {
  return new Map(
    Object.entries(entries).map(([name, licenses]) => [
      userId(name),
      new Map(licenses.map((each) => [each.skuId, { ...each, disabledPlans: [...each.disabledPlans].sort() }])),
    ]),
  );
}

describe("the baseline of direct licences", () => {
  it("has the direct holders of declared SKUs, with the disabled plans, and no other user", () => {
    const users = [
      user("ada", [direct("EMS", { without: ["INTUNE_A", "AAD_PREMIUM"] }), direct("VISIOCLIENT")]),
      user("ben", [inherited("EMS", "Staff")]),
      user("cleo"),
    ];
    assert.deepEqual(
      baselineOf(users, () => DECLARED),
      baseline({ ada: [license("EMS", { without: ["INTUNE_A", "AAD_PREMIUM"] })] }),
    );
  });

  it("has the same record in any order of Graph's disabled plans", () => {
    const without = (...plans: string[]) =>
      baselineOf([user("ada", [direct("EMS", { without: plans })])], () => DECLARED);
    assert.deepEqual(without("INTUNE_A", "AAD_PREMIUM"), without("AAD_PREMIUM", "INTUNE_A"));
  });

  it("only grows: no user leaves it, and no SKU of a user", () => {
    const known = baseline({ ada: [license("EMS"), license("ENTERPRISEPACK")], ben: [license("EMS")] });
    assert.deepEqual(grow(known, baseline({ ada: [license("EMS")] })), known);
    assert.deepEqual(grow(known, new Map()), known);
  });

  it("keeps the first record of a user and SKU when another is assigned later", () => {
    const known = baseline({ ada: [license("EMS", { without: ["INTUNE_A"] })] });
    assert.deepEqual(grow(known, baseline({ ada: [license("EMS")] })), known);
  });

  it("takes in new people and new SKUs of known ones", () => {
    const known = baseline({ ada: [license("EMS")] });
    const grown = grow(known, baseline({ ada: [license("ENTERPRISEPACK")], ben: [license("EMS")] }));
    assert.deepEqual(grown, baseline({ ada: [license("ENTERPRISEPACK"), license("EMS")], ben: [license("EMS")] }));
  });

  it("what it grew from is not changed", () => {
    const known = baseline({ ada: [license("EMS")] });
    grow(known, baseline({ ada: [license("ENTERPRISEPACK")], ben: [license("EMS")] }));
    assert.deepEqual(known, baseline({ ada: [license("EMS")] }));
  });
});

describe("the baseline in the state", () => {
  it("has one entry for each pattern, for any number of users", () => {
    const packed = packBaseline(
      baseline({
        ada: [license("EMS")],
        ben: [license("EMS")],
        cleo: [license("EMS", { without: ["INTUNE_A"] })],
        dan: [license("ENTERPRISEPACK"), license("EMS")],
        eve: [license("EMS"), license("ENTERPRISEPACK")],
      }),
    );
    assert.equal(packed.length, 3);
  });

  it("takes two entries for one when only the order differs, of disabled plans or of properties", () => {
    const [one, other] = [planId("INTUNE_A"), planId("AAD_PREMIUM")];
    const ems = skuId("EMS");
    const known = unpackBaseline([
      { licenses: [{ skuId: ems, disabledPlans: [one, other] }], users: packIds([userId("ada")]) },
      { licenses: [{ disabledPlans: [other, one], skuId: ems }], users: packIds([userId("ben")]) },
    ]);
    assert.equal(packBaseline(known).length, 1);
    assert.deepEqual(known.get(userId("ada")), known.get(userId("ben")));
  });

  const anyLicenses = fc.uniqueArray(
    fc.record(
      {
        skuId: fc.constantFrom(skuId("EMS"), skuId("ENTERPRISEPACK"), skuId("VISIOCLIENT")),
        disabledPlans: fc.subarray([planId("INTUNE_A"), planId("AAD_PREMIUM"), planId("TEAMS1")].sort()),
      },
      { noNullPrototype: true },
    ),
    { selector: (each) => each.skuId, minLength: 1 },
  );
  const anyBaseline = fc
    .array(fc.tuple(fc.uuid(), anyLicenses), { maxLength: 30 })
    .map(
      (entries): Baseline => new Map(entries.map(([id, all]) => [id, new Map(all.map((each) => [each.skuId, each]))])),
    );

  it("comes out as it went in (property)", () => {
    fc.assert(fc.property(anyBaseline, (known) => assert.deepEqual(unpackBaseline(packBaseline(known)), known)));
  });

  it("is the same text for the same baseline, found in any order (property)", () => {
    fc.assert(
      fc.property(anyBaseline, (known) => {
        const turned = new Map([...known].reverse().map(([id, all]) => [id, new Map([...all].reverse())]));
        assert.deepEqual(packBaseline(turned), packBaseline(known));
      }),
    );
  });

  it("growing never loses what was packed before (property)", () => {
    fc.assert(
      fc.property(anyBaseline, anyBaseline, (known, seen) => {
        const grown = unpackBaseline(packBaseline(grow(known, seen)));
        for (const [id, licenses] of known) {
          for (const [sku, each] of licenses) assert.deepEqual(grown.get(id)?.get(sku), each);
        }
        for (const [id, licenses] of seen) for (const sku of licenses.keys()) assert.ok(grown.get(id)?.has(sku));
      }),
    );
  });
});

describe("the baseline on record", () => {
  const known = baseline({
    ada: [license("EMS")],
    ben: [license("EMS"), license("ENTERPRISEPACK")],
    cleo: [license("EMS")],
  });
  const __entries = packBaseline(known);
  const whole = { users: 3, digest: baselineDigest(__entries), __entries, __departed: [], __rules: {} };

  it("is read where it is whole", () => {
    assert.deepEqual(recordedBaseline(whole), known);
  });

  it("is refused without its digest", () => {
    const { digest: _, ...without } = whole;
    assert.throws(() => recordedBaseline(without as typeof whole), /does not match its digest/);
  });

  it("is refused if a user is missing", () => {
    assert.throws(
      () => recordedBaseline({ ...whole, __entries: __entries.slice(1) }),
      /^Refusal: .*the baseline says that it has 3 users, and \d (is|are) in it. Nothing was changed.*docs\/lost-state\.md/,
    );
  });

  it("is refused if a user or a licence differs", () => {
    const [first, ...rest] = __entries;
    assert.ok(first);
    const others = packIds(["dan", "eve", "fay"].slice(0, unpackIds(first.users).length).map(userId));
    const damaged = [
      { ...first, users: others },
      { ...first, licenses: [license("EMS", { without: ["INTUNE_A"] })] },
    ];
    for (const each of damaged) {
      assert.throws(() => recordedBaseline({ ...whole, __entries: [each, ...rest] }), /does not match its digest/);
    }
  });

  it("has the same digest in any order of its patterns", () => {
    assert.equal(baselineDigest(__entries), baselineDigest([...__entries].reverse()));
  });
});
