import assert from "node:assert/strict";
import { patternsShown } from "../../licensing/license-patterns";
import { catalog, license, planId, sku, userId } from "./builders";
import { Catalog } from "../../licensing/catalog/catalog";

describe("what a preview shows of the direct assignments of a wave", () => {
  it("counts by SKU and disabled plans in any order, with the first users", () => {
    const shown = patternsShown(
      [
        { userId: userId("ada"), license: license("EMS") },
        { userId: userId("ben"), license: license("ENTERPRISEPACK", { without: ["YAMMER", "TEAMS1"] }) },
        { userId: userId("cleo"), license: license("ENTERPRISEPACK", { without: ["TEAMS1", "YAMMER"] }) },
        { userId: userId("cleo"), license: license("ENTERPRISEPACK") },
      ],
      catalog,
    );
    const off = [planId("TEAMS1"), planId("YAMMER")].sort().map((id) => catalog.planName(id));
    assert.deepEqual(shown, {
      [`ENTERPRISEPACK without ${off.join(", ")}`]: {
        count: 2,
        users: [userId("ben"), userId("cleo")].sort().join(", "),
      },
      EMS: { count: 1, users: userId("ada") },
      ENTERPRISEPACK: { count: 1, users: userId("cleo") },
    });
    assert.deepEqual(patternsShown([], catalog), {});
  });

  it("stays small: for 50,000 users with a choice of plans for each of 40 groups of them", () => {
    const plans = Array.from({ length: 40 }, (_, index) => `PLAN_${index}`);
    const many = new Catalog([sku("MANY", plans)]);
    const assignments = Array.from({ length: 50_000 }, (_, index) => ({
      userId: userId(`user ${index % 2_000}`),
      license: license("MANY", { without: [plans[index % 40] ?? ""] }),
    }));
    const shown = patternsShown(assignments, many);
    assert.equal(Object.keys(shown).length, 13);
    assert.equal(shown["28 other patterns"]?.count, (50_000 * 28) / 40);
    const counted = Object.values(shown).reduce((sum, { count }) => sum + count, 0);
    assert.equal(counted, 50_000);
    assert(JSON.stringify(shown).length < 5_000, "an input of a resource, with its copy in the state");
  });
});
