import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { EMPTY_RECORD, type StackRecord } from "../../licensing/record/record";
import { undeclaredLicenses, formatUndeclared } from "../../licensing/drift/undeclared-licenses";
import { catalog, declared, groupOnRecord, license, settled, skuId, snapshot, user } from "./builders";

const FINANCE = declared("Finance department", "ENTERPRISEPACK");
const VISIO = license("VISIOCLIENT");
const gives = (...more: readonly ReturnType<typeof license>[]) =>
  snapshot({
    declared: [FINANCE],
    groups: [settled(FINANCE, { licenses: [...FINANCE.licenses, ...more] })],
    users: [user("ada")],
    members: { "Finance department": ["ada"] },
  });

describe("licences on a declared group that the stack file does not know", () => {
  it("are told, with the group and what it gives", () => {
    assert.deepEqual(undeclaredLicenses(gives(VISIO), EMPTY_RECORD), [
      {
        group: "finance-department",
        groupId: FINANCE.groupId,
        displayName: "Finance department",
        license: VISIO,
        members: 1,
      },
    ]);
  });

  it("are none where the group gives what is declared", () => {
    assert.deepEqual(undeclaredLicenses(gives(), EMPTY_RECORD), []);
  });

  for (const [what, given, told] of [
    ["not those that this stack put there and the file no longer has: the run takes these back", [VISIO.skuId], 0],
    ["also those that it found there, adopted, and the file no longer has: these stay", [], 1],
  ] as const) {
    it(`are ${what}`, () => {
      const before = groupOnRecord({ groupId: FINANCE.groupId, given });
      const record: StackRecord = { ...EMPTY_RECORD, groupLicenses: new Map([["finance-department", before]]) };
      assert.equal(undeclaredLicenses(gives(VISIO), record).length, told);
    });
  }

  it("are left alone in so many words, with both ways out", () => {
    const [first] = undeclaredLicenses(gives(license("EMS", { without: ["INTUNE_A"] })), EMPTY_RECORD);
    assert.ok(first);
    const words = formatUndeclared(first, catalog);
    assert.match(words, /^Finance department also gives EMS without INTUNE_A to 1 member, and the stack file does not/);
    assert.match(words, /no licence is removed from a group unasked/);
    assert.match(words, /declare it as it is under licensing:groups\.finance-department\.licenses/);
    assert.match(words, /or, if no user needs it, name it under licensing:groups\.finance-department\.removeLicenses/);
  });

  it("of a SKU that the tenant no longer has can only be taken off", () => {
    const [first] = undeclaredLicenses(gives({ skuId: skuId("RETIRED"), disabledPlans: [] }), EMPTY_RECORD);
    assert.ok(first);
    const words = formatUndeclared(first, catalog);
    assert.match(words, /^Finance department also carries .*, a SKU that the tenant no longer has/);
    assert.match(words, /licensing:groups\.finance-department\.removeLicenses/);
    assert.doesNotMatch(words, /declare it as it is|\.licenses/);
  });

  it("are none where removeLicenses takes them off", () => {
    const taking = snapshot({
      declared: [{ ...FINANCE, removes: [VISIO.skuId] }],
      groups: [settled(FINANCE, { licenses: [...FINANCE.licenses, VISIO] })],
      users: [user("ada")],
      members: { "Finance department": ["ada"] },
    });
    assert.deepEqual(undeclaredLicenses(taking, EMPTY_RECORD), []);
  });
});
