import assert from "node:assert/strict";
import { Catalog } from "../../../licensing/catalog/catalog";
import { findingsOf } from "../../../licensing/discovery/findings";
import { resolvePrices } from "../../../licensing/discovery/prices";
import { catalog, direct, inherited, license, skuId, sku, userId } from "../builders";
import type { Sku } from "../../../licensing/model";
import { holder } from "./today";

const users = new Map(
  [
    holder("both", [direct("EMS"), inherited("EMS", "Staff")]),
    holder("inside", [direct("EMS"), direct("EMSPREMIUM")]),
    holder("inside-group", [direct("EMS"), inherited("EMSPREMIUM", "Staff")]),
    holder("apart", [direct("EMS"), direct("EMSPREMIUM", { without: ["INTUNE_A"] })]),
    holder("gone", [direct("ENTERPRISEPACK"), inherited("EMS", "Staff")], { accountEnabled: false }),
    holder("unknown", [], { assignedLicenses: [license("VISIOCLIENT")] }),
    holder("waiting", [{ ...direct("ENTERPRISEPACK"), state: "Error", error: "CountViolation" }]),
    holder("old", [direct("RETIRED")]),
  ].map((user) => [user.id, user]),
);

describe("findings", () => {
  const found = findingsOf(users, catalog);
  const of = (affected: readonly { readonly skuId: string; readonly userIds: readonly string[] }[]) =>
    affected.map((each) => [each.skuId, each.userIds]);

  it("count users and direct assignments in force", () => {
    assert.deepEqual([found.users, found.direct], [8, 8]);
  });

  it("tell the users licensed twice: in both ways, and by a SKU inside another", () => {
    assert.deepEqual(of(found.bothWays), [[skuId("EMS"), [userId("both")]]]);
    assert.deepEqual(
      found.contained.map(({ skuId: inner, inSkuIds, userIds }) => [inner, inSkuIds.join(), userIds]),
      [[skuId("EMS"), skuId("EMSPREMIUM"), [userId("inside"), userId("inside-group")].sort()]],
    );
  });

  it("tell of disabled accounts, unknown sources, licences that do not work and those without a known SKU", () => {
    assert.deepEqual(
      new Map(of(found.disabledAccounts) as [string, string[]][]),
      new Map([
        [skuId("ENTERPRISEPACK"), [userId("gone")]],
        [skuId("EMS"), [userId("gone")]],
      ]),
    );
    assert.deepEqual(of(found.unknownSource), [[skuId("VISIOCLIENT"), [userId("unknown")]]]);
    assert.deepEqual(of(found.notInForce), [[skuId("ENTERPRISEPACK"), [userId("waiting")]]]);
    assert.deepEqual(of(found.unlisted), [[skuId("RETIRED"), [userId("old")]]]);
  });

  it("count unused seats, never fewer than none", () => {
    const units = { enabled: 10, warning: 0, suspended: 0, lockedOut: 0 };
    const over = new Catalog([
      sku("EMS", [], { consumedUnits: 12, prepaidUnits: units }),
      sku("VISIOCLIENT", [], { consumedUnits: 4, prepaidUnits: units }),
    ]);
    assert.deepEqual(
      findingsOf(new Map(), over).seats.map(({ used, unused }) => [used, unused]),
      [
        [12, 0],
        [4, 6],
      ],
    );
  });

  it("count seats in their grace period among those bought, and say how many", () => {
    const ending = sku("EMS", [], {
      capabilityStatus: "Warning",
      consumedUnits: 5,
      prepaidUnits: { enabled: 0, warning: 10, suspended: 0, lockedOut: 0 },
    });
    assert.deepEqual(findingsOf(new Map(), new Catalog([ending])).seats, [
      { skuId: ending.id, bought: 10, inGrace: 10, used: 5, unused: 5 },
    ]);
  });

  it("name every price that is none, and every SKU that is none", () => {
    assert.deepEqual(resolvePrices({ EMS: "cheap", ENTERPRISEPAK: 3, VISIOCLIENT: -1 }, catalog).problems, [
      'the price of "EMS" must be a number, such as 23.10',
      'the tenant has no SKU "ENTERPRISEPAK". Did you mean "ENTERPRISEPACK"?',
      'the price of "VISIOCLIENT" must be a number, such as 23.10',
    ]);
  });

  it("tell of members in error, and of a SKU in grace before one that has ended", () => {
    const grace = sku("EMS", ["A"], { capabilityStatus: "Warning" });
    const ended = sku("VISIOCLIENT", ["V"], { capabilityStatus: "Suspended" });
    const all = [
      holder("ada", [direct("VISIOCLIENT"), inherited("EMS", "Staff", { state: "Error", error: "CountViolation" })]),
      holder("ben", [direct("VISIOCLIENT")]),
      holder("cleo", [direct("EMS")]),
    ];
    const { inError, ending } = findingsOf(new Map(all.map((each) => [each.id, each])), new Catalog([grace, ended]));
    assert.deepEqual(
      inError.map(({ cause, userIds }) => [cause, userIds]),
      [["CountViolation", [userId("ada")]]],
    );
    assert.deepEqual(
      ending.map(({ standing, userIds }) => [standing, userIds.length]),
      [
        ["grace", 1],
        ["ended", 2],
      ],
    );
  });

  it("count a plan as paid twice where a better one gives as much, and not the other way round", () => {
    const less = sku("AAD_PREMIUM", ["ADALLOM_S_DISCOVERY"]);
    const more = sku("ADALLOM_STANDALONE", ["ADALLOM_S_STANDALONE"]);
    const both = holder("ada", [direct("AAD_PREMIUM"), direct("ADALLOM_STANDALONE")]);
    const { contained } = findingsOf(new Map([[both.id, both]]), new Catalog([less, more]));
    assert.deepEqual(
      contained.map(({ skuId: inner, inSkuIds }) => [inner, inSkuIds.join()]),
      [[less.id, more.id]],
    );
  });

  it("count Exchange Online Plan 1 beside Plan 2 as paid twice", () => {
    const less = sku("EXCHANGESTANDARD", ["EXCHANGE_S_STANDARD"]);
    const more = sku("EXCHANGEENTERPRISE", ["EXCHANGE_S_ENTERPRISE"]);
    const both = holder("ada", [direct("EXCHANGESTANDARD"), direct("EXCHANGEENTERPRISE")]);
    const { contained } = findingsOf(new Map([[both.id, both]]), new Catalog([less, more]));
    assert.deepEqual(
      contained.map(({ skuId: inner, inSkuIds }) => [inner, inSkuIds.join()]),
      [[less.id, more.id]],
    );
  });

  it("count a SKU as paid twice where two others give its plans together; of three that overlap, one", () => {
    const free = sku("POWER_BI_STANDARD", ["BI_AZURE_P0", "PURVIEW_DISCOVERY"]);
    const pro = sku("POWER_BI_PRO", ["BI_AZURE_P2"]);
    const suite = sku("SPB", ["PURVIEW_DISCOVERY", "TEAMS1"]);
    const [a, b, c] = [sku("A", ["X", "Y"]), sku("B", ["Y", "Z"]), sku("C", ["Z", "X"])] as const;
    const found = (...skus: readonly Sku[]) => {
      const user = holder(
        "ada",
        skus.map(({ partNumber }) => direct(partNumber)),
      );
      const { contained } = findingsOf(new Map([[user.id, user]]), new Catalog([...skus]));
      return contained.map(({ skuId: inner, inSkuIds }) => [inner, ...inSkuIds]);
    };
    assert.deepEqual(found(free, pro, suite), [[free.id, pro.id, suite.id]]);
    assert.deepEqual(found(free, pro), []);
    assert.deepEqual(found(a, b, c), [[a.id, b.id, c.id]]);
  });
});
