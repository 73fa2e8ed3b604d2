import assert from "node:assert/strict";
import { Catalog } from "../../../licensing/catalog/catalog";
import type { Finding } from "../../../licensing/finding";
import type { License, LicensedUser } from "../../../licensing/model";
import { planMigration } from "../../../licensing/plan/plan-migration";
import { declared, direct, inherited, license, settled, sku, snapshot, user, WITHOUT_WAVES } from "../builders";

const OFFICE = sku("ENTERPRISEPACK", ["EXCHANGE_S_ENTERPRISE", "TEAMS1", "SHAREPOINTENTERPRISE"]);
const F3 = sku("SPE_F1", ["EXCHANGE_S_DESKLESS", "TEAMS1"]);
const PREMIUM = sku("Microsoft_Teams_Premium", ["TEAMSPRO_MGMT", "TEAMSPRO_CUST"]);
const BUNDLE = sku("BUNDLE", ["TEAMSPRO_MGMT", "VISIO"]);
const COPILOT = sku("COPILOT", ["M365_COPILOT_SHAREPOINT"]);
const catalog = new Catalog([OFFICE, F3, PREMIUM, BUNDLE, COPILOT]);

const STAFF = declared("Staff", license("ENTERPRISEPACK", { without: ["SHAREPOINTENTERPRISE"] }));
const HOLDER = user("holder", [direct("ENTERPRISEPACK"), direct("Microsoft_Teams_Premium")]);

interface Change {
  readonly declares: readonly (string | License)[];
  readonly gives?: readonly License[];
  readonly takenOff?: readonly string[];
  readonly people?: readonly LicensedUser[];
  /** A group of all people, which gives the base with every plan. */
  readonly isLargerWhole?: boolean;
}

/** What is found about a group called Premium, beside one called Staff that gives the base already. */
function plan({ declares, gives = [], takenOff = [], people = [HOLDER], isLargerWhole = false }: Change) {
  const larger = isLargerWhole ? [declared("Everybody", "ENTERPRISEPACK")] : [];
  const premium = { ...declared("Premium", ...declares), removes: takenOff.map((each) => license(each).skuId) };
  const left = gives.filter(({ skuId }) => !premium.removes.includes(skuId));
  const after = [
    ...premium.licenses,
    ...left.filter(({ skuId }) => premium.licenses.every((each) => each.skuId !== skuId)),
  ];
  return planMigration({
    snapshot: snapshot({
      declared: [STAFF, premium, ...larger],
      groups: [settled(STAFF), settled(premium, { licenses: gives }), ...larger.map((each) => settled(each))],
      users: people,
      members: { Premium: ["holder"], ...(isLargerWhole ? { Everybody: ["holder"] } : {}) },
      catalog,
    }),
    ...WITHOUT_WAVES,
    after: new Map([
      [STAFF.groupId, STAFF.licenses],
      [premium.groupId, after],
    ]),
    country: "CH",
    nowMs: 0,
  });
}

const found = (change: Change): readonly Finding[] =>
  plan(change).findings.filter(({ code }) => code === "prerequisite-not-in-group");

describe("pre-flight: what an add-on needs from its own group", () => {
  it("refuses the group beforehand, for any licences of its members, and names the line to change", () => {
    const { findings, groups } = plan({ declares: ["Microsoft_Teams_Premium"] });
    const [finding, ...others] = findings.filter(({ severity }) => severity === "error");
    assert.deepEqual(
      [finding?.code, finding?.about, others.length],
      ["prerequisite-not-in-group", "premium Microsoft_Teams_Premium", 0],
    );
    assert.match(
      finding?.message ?? "",
      /^Entra refuses Microsoft_Teams_Premium on Premium: TEAMSPRO_MGMT needs TEAMS1, TEAMSPRO_CUST needs TEAMS1, /,
    );
    assert.equal(
      finding?.remedy,
      "Add ENTERPRISEPACK to licensing:groups.premium.licenses with the disabledPlans that it has in licensing:groups.staff: " +
        "members that hold it already take no second seat; or take Microsoft_Teams_Premium out of licensing:groups.premium.",
    );
    assert.deepEqual(
      groups.map(({ refusal }) => refusal === null),
      [true, false],
    );
  });

  it("goes by the largest group that gives the base, not by one with disabled plans for a few", () => {
    const [finding] = found({ declares: ["Microsoft_Teams_Premium"], isLargerWhole: true });
    assert.match(finding?.remedy ?? "", /^Add ENTERPRISEPACK to licensing:groups\.premium\.licenses: members/);
  });

  const clean: [string, Change][] = [
    ["where the group gives both", { declares: ["Microsoft_Teams_Premium", "SPE_F1"] }],
    ["where the group gave it alone before", { declares: ["BUNDLE"], gives: [license("BUNDLE")] }],
    [
      "where its prerequisite is on the group already, though undeclared",
      { declares: ["Microsoft_Teams_Premium"], gives: [license("SPE_F1")] },
    ],
    ["where the plans in question are off", { declares: [license("BUNDLE", { without: ["TEAMSPRO_MGMT"] })] }],
  ];
  for (const [title, change] of clean) {
    it(`says nothing ${title}`, () => {
      assert.deepEqual(found(change), []);
    });
  }

  it("names the plan to switch off, and one of several SKUs without a holder", () => {
    const [finding] = found({ declares: ["BUNDLE"], people: [] });
    assert.match(
      finding?.remedy ?? "",
      /^Add ENTERPRISEPACK to .* \(or another SKU with TEAMS1\): .*; or switch off TEAMSPRO_MGMT with disabledPlans of BUNDLE\.$/,
    );
  });

  it("names the disabled plan where the group has the base without it", () => {
    const [finding] = found({ declares: ["Microsoft_Teams_Premium", license("SPE_F1", { without: ["TEAMS1"] })] });
    assert.match(
      finding?.remedy ?? "",
      /^Take TEAMS1 out of the disabledPlans of SPE_F1 in licensing:groups\.premium, or /,
    );
  });

  it("refuses to take the base off a group that goes on giving the add-on", () => {
    const both = [license("Microsoft_Teams_Premium"), license("SPE_F1")];
    const change = { declares: ["Microsoft_Teams_Premium"], gives: both };
    assert.deepEqual([found(change).length, found({ ...change, takenOff: ["SPE_F1"] }).length], [0, 1]);
  });

  it("is a note where only the product terms ask for it", () => {
    const [finding] = found({ declares: ["COPILOT"] });
    assert.equal(finding?.severity, "note");
    assert.match(finding.message, /product terms .*M365_COPILOT_SHAREPOINT needs .*or SHAREPOINTENTERPRISE.*not known/);
  });

  it("says nothing where a group of the tenant is seen to give the add-on alone", () => {
    const other = (state: "Active" | "ActiveWithError") =>
      user("other", [direct("ENTERPRISEPACK"), inherited("Microsoft_Teams_Premium", "Old", { state })]);
    const severity = (state: "Active" | "ActiveWithError") =>
      found({ declares: ["Microsoft_Teams_Premium"], people: [HOLDER, other(state)] }).map((each) => each.severity);
    assert.deepEqual(severity("Active"), []);
    // What Entra keeps for a user that has left says nothing about the group.
    assert.deepEqual(severity("ActiveWithError"), ["error"]);
  });
});
