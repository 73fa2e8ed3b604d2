import assert from "node:assert/strict";
import { lossOfGroupChanges, lossRefusal, withoutAccepted } from "../../licensing/loss";
import type { License, LicensedUser } from "../../licensing/model";
import { catalog, direct, groupId, inherited, license, planId, skuId, user, userId } from "./builders";

const losses = (members: readonly LicensedUser[], ...after: readonly License[]) =>
  lossOfGroupChanges(members, new Map([[groupId("Staff"), after]]), catalog);

describe("who would lose what by a change to a group's licences", () => {
  const ada = user("ada", [inherited("EMS", "Staff")]);

  it("nobody by a licence more, or a plan more", () => {
    assert.deepEqual(losses([ada], license("EMS"), license("VISIOCLIENT")), []);
    const narrow = user("ada", [inherited("EMS", "Staff", { without: ["INTUNE_A"] })]);
    assert.deepEqual(losses([narrow], license("EMS")), []);
  });

  it("members by a plan less, and by a licence less", () => {
    const without = license("EMS", { without: ["INTUNE_A"] });
    assert.deepEqual(losses([ada], without), [{ userId: ada.id, planIds: [planId("INTUNE_A")] }]);
    assert.equal(losses([ada])[0]?.planIds.length, 3);
  });

  it("not those who have the same plans from elsewhere: direct, another group, another SKU", () => {
    const safe = [
      user("ben", [inherited("EMS", "Staff"), direct("EMS")]),
      user("cleo", [inherited("EMS", "Staff"), inherited("EMS", "Devices")]),
      user("dan", [inherited("EMS", "Staff"), direct("EMSPREMIUM")]),
    ];
    assert.deepEqual(losses(safe), []);
  });

  it("not those for whom it does not work today", () => {
    assert.deepEqual(losses([user("ada", [inherited("EMS", "Staff", { state: "Error" })])]), []);
  });

  it("but those for whom it works with an error", () => {
    assert.equal(losses([user("ada", [inherited("EMS", "Staff", { state: "ActiveWithError" })])]).length, 1);
  });

  it("what elsewhere is in error replaces nothing", () => {
    const ben = user("ben", [inherited("EMS", "Staff"), inherited("EMS", "Devices", { state: "Error" })]);
    assert.equal(losses([ben]).length, 1);
  });

  it("nobody by a plan of the company", () => {
    assert.deepEqual(losses([ada], license("EMS", { without: ["EXCHANGE_S_FOUNDATION"] })), []);
  });

  it("two groups that both stop giving it do not vouch for each other", () => {
    const both = user("ada", [inherited("VISIOCLIENT", "Staff"), inherited("VISIOCLIENT", "Devices")]);
    const nothing = new Map([groupId("Staff"), groupId("Devices")].map((id) => [id, []]));
    assert.deepEqual(lossOfGroupChanges([both], new Map([[groupId("Staff"), []]]), catalog), []);
    assert.deepEqual(lossOfGroupChanges([both], nothing, catalog), [{ userId: both.id, planIds: [planId("VISIO")] }]);
  });

  it("an entry with an error vouches for nothing: its user may have left that group", () => {
    const entry = { ...inherited("VISIOCLIENT", "Devices"), state: "ActiveWithError", error: "DependencyViolation" };
    const leaving = user("ada", [inherited("VISIOCLIENT", "Staff"), entry]);
    assert.deepEqual(losses([leaving]), [{ userId: leaving.id, planIds: [planId("VISIO")] }]);
    assert.deepEqual(losses([user("ada", [entry])]), [], "what the changed group never gave is not its loss");
  });

  it("what another group gives is not touched by it", () => {
    assert.deepEqual(losses([user("ben", [inherited("EMS", "Devices")])]), []);
  });
});

describe("the refusal", () => {
  const staff = { name: "staff", displayName: "Staff" };

  it("names the plans, the number of users, the first five, and three ways out", () => {
    const planIds = [planId("INTUNE_A"), planId("AAD_PREMIUM")];
    const seven = ["a", "b", "c", "d", "e", "f", "g"].map((name) => ({ userId: userId(name), planIds }));
    const shown = ["a", "b", "c", "d", "e"].map(userId).join(", ");
    assert.equal(
      lossRefusal(staff, [license("EMS")], seven, catalog),
      `The change to the licences of Staff would take AAD_PREMIUM, INTUNE_A from 7 users (${shown} and 2 more). ` +
        "Nothing was changed. Ways out: leave the group's licence as it is; " +
        "or give these users the same plans another way first, by another licensing group or directly; " +
        "or say in the stack file that they may lose them: licensing:acceptLoss: " +
        "[{group: staff, sku: EMS, plan: AAD_PREMIUM}, {group: staff, sku: EMS, plan: INTUNE_A}].",
    );
  });

  it("of five names all five", () => {
    const five = ["a", "b", "c", "d", "e"].map((name) => ({ userId: userId(name), planIds: [planId("VISIO")] }));
    assert.ok(lossRefusal(staff, [], five, catalog).includes(`${userId("e")}). Nothing`));
  });

  it("of one user says one user, and no more", () => {
    const one = lossRefusal(staff, [], [{ userId: userId("ada"), planIds: [planId("VISIO")] }], catalog);
    assert.ok(one.includes(`would take VISIO from 1 user (${userId("ada")}). Nothing`), one);
  });
});

describe("an accepted loss", () => {
  const accepted = [{ group: "staff", skuId: skuId("EMS"), planId: planId("INTUNE_A") }];

  it("is no loss, and covers nothing else", () => {
    const both = { userId: userId("ada"), planIds: [planId("INTUNE_A"), planId("AAD_PREMIUM")] };
    const one = { userId: userId("ben"), planIds: [planId("INTUNE_A")] };
    assert.deepEqual(withoutAccepted([both, one], accepted), [{ ...both, planIds: [planId("AAD_PREMIUM")] }]);
  });
});
