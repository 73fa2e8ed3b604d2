import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Catalog } from "../../licensing/catalog/catalog";
import { NO_NAMES } from "../../licensing/catalog/recorded-names";
import type { GroupSpec, StackFileMistake } from "../../licensing/stack-file/stack-file";
import { allReplaced, replacingInCircles } from "../../tenant/resolve-replaces";
import { declared, E3, E5, EMS, skuId, VISIO } from "../licensing/builders";

const catalog = new Catalog([EMS, E3, E5, VISIO]);

const group = (name: string, ...licenses: readonly (readonly [string, ...string[]])[]): GroupSpec => ({
  name,
  existing: name,
  licenses: licenses.map(([sku, ...replaces]) => ({ sku, disabledPlans: [], replaces })),
});

function mistakesIn(...specs: readonly GroupSpec[]): readonly string[] {
  const mistakes: StackFileMistake[] = [];
  const groups = specs.map((spec) => ({
    ...declared(spec.name),
    ...allReplaced(spec, catalog, NO_NAMES, mistakes),
  }));
  return [...mistakes, ...replacingInCircles(specs, groups, catalog)].map(({ path, message }) => `${path}: ${message}`);
}

describe("the SKUs that a licence replaces", () => {
  it("are found by their names, each with the licence that names it", () => {
    const mistakes: StackFileMistake[] = [];
    const spec = group("staff", ["VISIOCLIENT"], ["EMSPREMIUM", "ENTERPRISEPACK", skuId("EMS")]);
    assert.deepEqual(allReplaced(spec, catalog, NO_NAMES, mistakes), {
      replaces: [
        { skuId: skuId("ENTERPRISEPACK"), by: skuId("EMSPREMIUM") },
        { skuId: skuId("EMS"), by: skuId("EMSPREMIUM") },
      ],
    });
    assert.deepEqual(mistakes, []);
    assert.deepEqual(mistakesIn(group("staff", ["EMSPREMIUM"])), []);
  });

  it("are found by the id on record when they have left the tenant", () => {
    const known = { skus: { oldpack: skuId("OLDPACK") }, plans: {} };
    const mistakes: StackFileMistake[] = [];
    assert.deepEqual(allReplaced(group("staff", ["EMSPREMIUM", "OLDPACK"]), catalog, known, mistakes), {
      replaces: [{ skuId: skuId("OLDPACK"), by: skuId("EMSPREMIUM") }],
    });
  });

  for (const [what, specs, expected] of [
    [
      "an unknown SKU",
      [group("staff", ["EMSPREMIUM", "EMS", "ENTERPRISEPAK"])],
      /^licensing:groups\.staff\.licenses\[0\]\.replaces\[1\]: the tenant has no SKU "ENTERPRISEPAK"\. Did you mean "?ENTERPRISEPACK/,
    ],
    [
      "a SKU that replaces itself",
      [group("staff", ["VISIOCLIENT"], ["EMS", "EMS"])],
      /^licensing:groups\.staff\.licenses\[1\]\.replaces\[0\]: EMS is the licence itself/,
    ],
    [
      "a SKU that the same group gives",
      [group("staff", ["EMSPREMIUM", "EMS"], ["EMS"])],
      /^licensing:groups\.staff\.licenses\[0\]\.replaces\[0\]: EMS is under licenses of this group, too/,
    ],
    [
      "a SKU that is listed twice",
      [group("staff", ["EMSPREMIUM", "EMS", skuId("EMS")])],
      /^licensing:groups\.staff\.licenses\[0\]\.replaces\[1\]: EMS is listed twice/,
    ],
    [
      "two groups whose SKUs replace each other",
      [group("up", ["EMSPREMIUM", "EMS"]), group("down", ["VISIOCLIENT"], ["EMS", "EMSPREMIUM"])],
      /licensing:groups\.down\.licenses\[1\]\.replaces\[0\]: EMS replaces EMSPREMIUM here, and is replaced by it in turn/,
    ],
  ] as const) {
    it(`refuse ${what}, by its path`, () => {
      assert.match(mistakesIn(...specs).join("\n"), expected);
    });
  }

  it("may be replaced by two groups, and by two licences of one", () => {
    const specs = [
      group("office", ["EMSPREMIUM", "EMS"]),
      group("shop", ["VISIOCLIENT", "EMS"], ["ENTERPRISEPACK", "EMS"]),
    ];
    assert.deepEqual(mistakesIn(...specs), []);
  });
});
