import assert from "node:assert/strict";
import { changesToGroup, inBoth, isConverged, samePlans } from "../../licensing/loss/group-change";
import { licensesAfter } from "../../licensing/record/licenses-after";
import { bare, declared, license, planId, settled, skuId } from "./builders";

const STAFF = declared("Staff", "EMS", license("ENTERPRISEPACK", { without: ["YAMMER", "TEAMS1"] }));

describe("what has to be done to a group", () => {
  it("everything, when it gives nothing", () => {
    assert.deepEqual(changesToGroup(STAFF.licenses, []), [
      { kind: "add", license: STAFF.licenses[0] },
      { kind: "add", license: STAFF.licenses[1] },
    ]);
  });

  it("nothing, when it gives what is declared, in any order", () => {
    const now = [license("ENTERPRISEPACK", { without: ["TEAMS1", "YAMMER"] }), license("EMS")];
    assert.deepEqual(changesToGroup(STAFF.licenses, now), []);
  });

  it("a change of plans in place, never a removal", () => {
    const now = [license("EMS", { without: ["INTUNE_A"] }), ...STAFF.licenses.slice(1)];
    assert.deepEqual(changesToGroup(STAFF.licenses, now), [
      { kind: "change-plans", license: license("EMS"), disabledNow: [planId("INTUNE_A")] },
    ]);
  });

  it("nothing to an undeclared SKU", () => {
    assert.deepEqual(changesToGroup(STAFF.licenses, [...STAFF.licenses, license("VISIOCLIENT")]), []);
  });

  it("plans are compared as sets", () => {
    assert.ok(samePlans(["a", "b", "a"], ["b", "a"]));
    assert.ok(!samePlans(["a"], ["a", "b"]));
    assert.ok(!samePlans(["a", "b"], ["a"]));
    assert.ok(!samePlans(["a", "b"], ["a", "c"]));
  });

  it("it is done when it gives what is declared and is processed, and not before", () => {
    assert.ok(isConverged(STAFF, settled(STAFF)));
    assert.ok(!isConverged(STAFF, bare(STAFF)));
    assert.ok(!isConverged(STAFF, settled(STAFF, { licenses: STAFF.licenses.slice(1) })));
    for (const processingState of ["QueuedForProcessing", "ProcessingInProgress", "Thinking", null]) {
      assert.ok(!isConverged(STAFF, settled(STAFF, { processingState })), String(processingState));
    }
    const [first] = STAFF.licenses;
    assert.ok(first);
    const narrower = { ...STAFF, licenses: STAFF.licenses.slice(1), removes: [first.skuId] };
    assert.ok(!isConverged(narrower, settled(STAFF)), "what is to be taken off is still on it");
    assert.ok(isConverged(narrower, settled(narrower)));
  });
});

describe("what two views of a group agree on", () => {
  it("is the SKUs of both, with the plans that both have on", () => {
    const one = [license("EMS", { without: ["INTUNE_A"] }), license("VISIOCLIENT")];
    const other = [license("ENTERPRISEPACK"), license("EMS", { without: ["AAD_PREMIUM", "INTUNE_A"] })];
    const both = [{ skuId: skuId("EMS"), disabledPlans: [planId("AAD_PREMIUM"), planId("INTUNE_A")].sort() }];
    assert.deepEqual([inBoth(one, other), inBoth(other, one), inBoth(one, [])], [both, both, []]);
  });
});

describe("what a group gives after the change", () => {
  const now = { licenses: [license("EMS"), license("VISIOCLIENT"), license("EMSPREMIUM")] };

  it("no longer has what the stack file takes off it, also when others put it there", () => {
    const staff = { ...declared("Staff", "EMS"), removes: [skuId("VISIOCLIENT"), skuId("ENTERPRISEPACK")] };
    assert.deepEqual(licensesAfter(staff, now, []), [license("EMS"), license("EMSPREMIUM")]);
  });

  it("is what is declared, and what others gave it besides", () => {
    const after = licensesAfter(declared("Staff", license("EMS", { without: ["INTUNE_A"] })), now, []);
    assert.deepEqual(after, [license("EMS", { without: ["INTUNE_A"] }), license("VISIOCLIENT"), license("EMSPREMIUM")]);
  });

  it("no longer has what this stack gave and does not declare any more", () => {
    const after = licensesAfter(declared("Staff", "EMS"), now, [skuId("EMS"), skuId("VISIOCLIENT")]);
    assert.deepEqual(after, [license("EMS"), license("EMSPREMIUM")]);
  });
});
