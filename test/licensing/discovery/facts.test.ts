import assert from "node:assert/strict";
import { isSelfService } from "../../../licensing/discovery/self-service";
import { PREREQUISITES } from "../../../licensing/preflight/plan-relations";
import list from "../../../licensing/catalog/published-list.json";
import { SUPERSEDING } from "../../../licensing/catalog/superseding-plans";
import { sku, skuId } from "../builders";

const plans = new Set(Object.values(list.plans).flatMap((each) => [each].flat().map((entry) => entry.split("|")[0])));

/** In the tenants of one cloud or region, and not in the list. */
const NOT_LISTED = new Set(["TEAMS_EEA"]);

describe("facts between plans", () => {
  it("name plans that Microsoft's list has", () => {
    const named = [
      ...SUPERSEDING.flatMap(({ lesser, by }) => [lesser, ...by]),
      ...PREREQUISITES.flatMap(({ plan, needsOneOf }) => [plan, ...needsOneOf]),
    ];
    assert.deepEqual([...new Set(named)].filter((name) => !plans.has(name) && !NOT_LISTED.has(name)).sort(), []);
  });

  it("have a dated page of Microsoft where one plan includes another", () => {
    for (const { lesser, source } of SUPERSEDING) {
      assert.match(source, /^\d{4}-\d\d-\d\d https:\/\/learn\.microsoft\.com\//, lesser);
    }
  });
});

describe("a self-service SKU", () => {
  for (const partNumber of [
    "FLOW_FREE",
    "POWER_BI_STANDARD",
    "STREAM",
    "TEAMS_EXPLORATORY",
    "CCIBOTS_PRIVPREV_VIRAL",
    "Dynamics_365_Sales_Premium_Viral_Trial",
    "DYN365_CUSTOMER_INSIGHTS_VIRAL",
    "Microsoft_Cloud_for_Sustainability_vTrial",
  ]) {
    it(`is ${partNumber}`, () => {
      assert.ok(isSelfService(sku(partNumber, [])));
    });
  }

  it("is one that Microsoft's list calls free or a trial, with any part number", () => {
    assert.ok(isSelfService(sku("FORMS_PRO", [])));
    assert.ok(isSelfService(sku("SMB_APPS", [])));
    assert.ok(isSelfService({ id: "bc946dac-7877-4271-b2f7-99d2db13cd2c", partNumber: "renamed" }));
    assert.ok(!isSelfService({ id: skuId("nobody's"), partNumber: "renamed" }));
  });

  for (const partNumber of ["ENTERPRISEPACK", "STANDARDWOFFPACK_IW_FACULTY", "POWER_BI_PRO", "SPE_E3", "VISIOCLIENT"]) {
    it(`is not ${partNumber}`, () => {
      assert.ok(!isSelfService(sku(partNumber, [])));
    });
  }
});
