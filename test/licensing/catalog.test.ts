import assert from "node:assert/strict";
import { Catalog } from "../../licensing/catalog/catalog";
import type { RecordedNames } from "../../licensing/catalog/recorded-names";
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

  describe("with the name of another SKU", () => {
    const plans = ["MCO_VIRTUAL_APPT", "TEAMSPRO_MGMT"];
    const paid = sku("Microsoft_Teams_Premium", [...plans, "TEAMSPRO_CUST"], { consumedUnits: 4 });
    const promotional = sku("Microsoft_Teams_Premium", plans, { id: skuId("promotional") });
    const both = new Catalog([promotional, paid, EMS]);

    it("is refused by the bare name, with both ids and what tells them apart", () => {
      assert.deepEqual(both.findSku("microsoft_teams_premium"), {
        problem:
          '2 SKUs of the tenant are called "microsoft_teams_premium". Write the skuId of one of them: ' +
          `${promotional.id} (100 seats, 0 in use; no plan that the others lack); ` +
          `${paid.id} (100 seats, 4 in use; also TEAMSPRO_CUST)`,
      });
    });

    it("is found by its id, and by the name with the id, as it is shown", () => {
      const shown = both.skuName(paid.id);
      assert.equal(shown, `Microsoft_Teams_Premium (${paid.id})`);
      for (const word of [paid.id, shown]) assert.deepEqual(both.findSku(word), { found: paid });
    });

    it("leaves the other SKUs as they are", () => {
      assert.deepEqual(both.findSku("EMS"), { found: EMS });
    });
  });

  for (const word of [`6f1c9a52-3b0e-4c1d-9e57-2a8d4b7f10c3_${skuId("EMS")}`, "contoso:EMS"]) {
    it(`with the tenant in front, as ${word}, is not guessed: the name without it is said`, () => {
      assert.match(
        problem({ sku: word }),
        new RegExp(`That name begins with the tenant's: write EMS, or its skuId ${skuId("EMS")}\\.`),
      );
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

  it("by a mistyped id gets no id as a suggestion, which no reader could check by eye", () => {
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
    assert.ok("found" in lookup);
    assert.deepEqual(lookup.found, { skuId: skuId("EMS"), disabledPlans });
  });

  it("are the same licence in any order", () => {
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

describe("a name that fitted on the last run", () => {
  const known: RecordedNames = {
    skus: { "old suite": skuId("EMS"), "sold suite": skuId("SOLD") },
    plans: {
      [skuId("EMS")]: { old_plan: planId("INTUNE_A"), retired: planId("RETIRED") },
      [skuId("SOLD")]: { off: planId("OFF") },
    },
  };
  const resolved = (name: string, ...disabledPlans: string[]) => {
    const found = catalog.resolve({ sku: name, disabledPlans }, known);
    assert.ok("found" in found);
    return { ...found, notes: found.notes.map(({ message, remedy }) => `${message}. ${remedy}`).join("\n") };
  };

  it("of a renamed SKU is read by its id, and the new name is said", () => {
    const { found, notes } = resolved("Old Suite");
    assert.deepEqual(found, { skuId: skuId("EMS"), disabledPlans: [] });
    assert.match(notes, /calls the SKU "Old Suite" .* EMS now.*Write EMS in the stack file/);
  });

  it("of a renamed plan is read by its id, and the plan stays off", () => {
    const { found, notes } = resolved("EMS", "OLD_PLAN");
    assert.deepEqual(found.disabledPlans, [planId("INTUNE_A")]);
    assert.match(notes, /calls the service plan "OLD_PLAN" of EMS .* INTUNE_A now.*Write INTUNE_A under disabledPlans/);
  });

  it("of a retired plan stands for nothing any more, and the line to change is said", () => {
    const { found, notes } = resolved("EMS", "RETIRED");
    assert.deepEqual(found.disabledPlans, []);
    assert.match(notes, /EMS no longer has the service plan "RETIRED".*: Microsoft retired it\. Take "RETIRED" out/);
  });

  it("of a SKU that the tenant no longer has is that SKU with the plans that were off", () => {
    const { found, isGone, notes } = resolved("Sold Suite", "off");
    assert.deepEqual(found, { skuId: skuId("SOLD"), disabledPlans: [planId("OFF")] });
    assert.equal(isGone, true);
    assert.match(notes, new RegExp(`no longer has the SKU "Sold Suite".*put ${skuId("SOLD")} under removeLicenses`));
  });

  it("is recorded again, so that the next run knows it, too", () => {
    assert.deepEqual(resolved("Old Suite", "old_plan", "RETIRED").names, {
      skus: { "old suite": skuId("EMS") },
      plans: { [skuId("EMS")]: { old_plan: planId("INTUNE_A"), retired: planId("RETIRED") } },
    });
  });

  it("does not hide a misspelt one", () => {
    assert.match(problem({ sku: "EMS", disabledPlans: ["INTUN"] }), /Did you mean "INTUNE_A"/);
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

  it("the name beside each id in a text of Graph", () => {
    const text = `service plan ${planId("INTUNE_A").toUpperCase()} depends on ${planId("ABSENT")} of ${skuId("EMS")}`;
    assert.equal(
      catalog.withNames(text),
      `service plan INTUNE_A (${planId("INTUNE_A").toUpperCase()}) depends on ${planId("ABSENT")} of EMS (${skuId("EMS")})`,
    );
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

describe("the name of a product", () => {
  const named = (partNumber: string, id = skuId(partNumber)) => new Catalog([sku(partNumber, [], { id })]).product(id);

  it("is the admin center's, in any case of the part number", () => {
    assert.equal(named("SPE_E3"), "Microsoft 365 E3");
    assert.equal(named("microsoft_teams_rooms_pro"), "Microsoft Teams Rooms Pro");
  });

  it("goes by the id where two products share a part number", () => {
    const id = "36a0f3b3-adb5-49ea-bf66-762134cf063a";
    assert.equal(named("Microsoft_Teams_Premium", id), "Microsoft Teams Premium Introductory Pricing");
    assert.equal(named("Microsoft_Teams_Premium"), "Microsoft Teams Premium");
  });

  it("is the part number where Microsoft's list has none", () => {
    assert.equal(named("A_PRODUCT_OF_NEXT_YEAR"), "A_PRODUCT_OF_NEXT_YEAR");
  });
});
