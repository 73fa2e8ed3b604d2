import assert from "node:assert/strict";
import { Catalog } from "../../licensing/catalog";
import { E3, EMS, license, planId, sku, skuId } from "./builders";

const ROOMS = sku("MICROSOFT_ROOMS", ["ROOMS"], { appliesTo: "Company" });
const catalog = new Catalog([EMS, E3, ROOMS]);

function problem(of: { sku: string; disabledPlans?: readonly string[] }): string {
  const lookup = catalog.resolve({ disabledPlans: [], ...of });
  assert.ok("problem" in lookup, "it was found");
  return lookup.problem;
}

describe("a SKU of the stack file", () => {
  for (const word of [
    "EMS",
    "ems",
    skuId("EMS"),
    skuId("EMS").toUpperCase(),
    "Enterprise Mobility + Security E3",
    "enterprise mobility + security e3",
  ]) {
    it(`is found by "${word}"`, () => {
      assert.deepEqual(catalog.findSku(word), { found: EMS });
    });
  }

  it("that the tenant does not have is named, with the nearest that it has", () => {
    assert.equal(problem({ sku: "EMSS" }), 'the tenant has no SKU "EMSS". Did you mean "EMS"?');
    assert.equal(
      problem({ sku: "Office 365 E4" }),
      'the tenant has no SKU "Office 365 E4". Did you mean "Office 365 E3"?',
    );
    assert.equal(problem({ sku: "zebra" }), 'the tenant has no SKU "zebra".');
  });

  it("by an id that is mistyped is not answered with an id, which nobody can check by eye", () => {
    assert.doesNotMatch(problem({ sku: skuId("EMS").replace(/.$/, "x") }), /Did you mean/);
  });

  it("is never guessed by a part of its name", () => {
    assert.ok("problem" in catalog.findSku("ENTERPRISE"));
  });

  it("for the company cannot be given to users", () => {
    assert.equal(problem({ sku: "MICROSOFT_ROOMS" }), "MICROSOFT_ROOMS is a SKU for the company, not for users");
  });
});

describe("the service plans of a licence in the stack file", () => {
  it("are found by name and id, without case, each once and sorted", () => {
    const lookup = catalog.resolve({
      sku: "EMS",
      disabledPlans: ["intune_a", planId("AAD_PREMIUM").toUpperCase(), "INTUNE_A"],
    });
    const disabledPlans = [planId("INTUNE_A"), planId("AAD_PREMIUM")].sort();
    assert.deepEqual(lookup, { found: { skuId: skuId("EMS"), disabledPlans } });
  });

  it("are the same licence in whatever order they are written", () => {
    const without = (...disabledPlans: string[]) => catalog.resolve({ sku: "EMS", disabledPlans });
    assert.deepEqual(without("INTUNE_A", "AAD_PREMIUM"), without("AAD_PREMIUM", "INTUNE_A"));
  });

  it("must be plans of this very SKU; all that are not are named, with the nearest", () => {
    assert.equal(
      problem({ sku: "EMS", disabledPlans: ["INTUN", "YAMMER"] }),
      'EMS has no service plan "INTUN". Did you mean "INTUNE_A"?; EMS has no service plan "YAMMER".',
    );
  });
});

describe("what the catalog knows of SKUs and plans", () => {
  it("names, or the id where there is none", () => {
    assert.equal(catalog.skuName(skuId("EMS")), "EMS");
    assert.equal(catalog.skuName("an unknown id"), "an unknown id");
    assert.equal(catalog.planName(planId("INTUNE_A")), "INTUNE_A");
    assert.equal(catalog.planName("an unknown id"), "an unknown id");
    assert.deepEqual([catalog.has(skuId("EMS")), catalog.has("an unknown id")], [true, false]);
  });

  it("the enabled plans of a licence are those that are on and apply to users", () => {
    const enabled = catalog.enabledPlans(license("EMS", { without: ["INTUNE_A"] }));
    assert.deepEqual([...enabled].sort(), [planId("AAD_PREMIUM"), planId("RMS_S_ENTERPRISE")].sort());
  });

  it("one call leaves no trace in the next", () => {
    catalog.enabledPlans(license("EMS", { without: ["INTUNE_A", "AAD_PREMIUM"] }));
    assert.equal(catalog.enabledPlans(license("EMS")).size, 3);
  });

  it("a SKU that the tenant does not list has no plans that anybody knows", () => {
    assert.equal(catalog.enabledPlans(license("VISIOCLIENT")).size, 0);
  });
});
