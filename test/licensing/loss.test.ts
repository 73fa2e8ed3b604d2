import assert from "node:assert/strict";
import { lossOfGroupChanges, unaccepted, type LostPlan } from "../../licensing/loss/loss";
import { lossRefusal } from "../../licensing/loss/loss-words";
import type { License, LicensedUser } from "../../licensing/model";
import { catalog, direct, groupId, inherited, license, planId, skuId, user, userId } from "./builders";

const losses = (members: readonly LicensedUser[], ...after: readonly License[]) =>
  lossOfGroupChanges(members, new Map([[groupId("Staff"), after]]), catalog);

const lost = (sku: string, plan: string, group = "Staff"): LostPlan => ({
  groupId: groupId(group),
  skuId: skuId(sku),
  planId: planId(plan),
});

describe("plans that users would lose by a change of a group's licences", () => {
  const ada = user("ada", [inherited("EMS", "Staff")]);

  it("no user by a licence more, or a plan more", () => {
    assert.deepEqual(losses([ada], license("EMS"), license("VISIOCLIENT")), []);
    const narrow = user("ada", [inherited("EMS", "Staff", { without: ["INTUNE_A"] })]);
    assert.deepEqual(losses([narrow], license("EMS")), []);
  });

  it("members by a plan less, and by a licence less", () => {
    const without = license("EMS", { without: ["INTUNE_A"] });
    assert.deepEqual(losses([ada], without), [{ userId: ada.id, plans: [lost("EMS", "INTUNE_A")] }]);
    assert.equal(losses([ada])[0]?.plans.length, 3);
  });

  it("no user with the same plans from elsewhere: direct, another group, another SKU", () => {
    const safe = [
      user("ben", [inherited("EMS", "Staff"), direct("EMS")]),
      user("cleo", [inherited("EMS", "Staff"), inherited("EMS", "Devices")]),
      user("dan", [inherited("EMS", "Staff"), direct("EMSPREMIUM")]),
    ];
    assert.deepEqual(losses(safe), []);
  });

  it("no user for which it does not work today", () => {
    assert.deepEqual(losses([user("ada", [inherited("EMS", "Staff", { state: "Error" })])]), []);
  });

  it("users for which it works with an error", () => {
    assert.equal(losses([user("ada", [inherited("EMS", "Staff", { state: "ActiveWithError" })])]).length, 1);
  });

  it("what elsewhere is in error replaces nothing", () => {
    const ben = user("ben", [inherited("EMS", "Staff"), inherited("EMS", "Devices", { state: "Error" })]);
    assert.equal(losses([ben]).length, 1);
  });

  it("no user by a plan of the company", () => {
    assert.deepEqual(losses([ada], license("EMS", { without: ["EXCHANGE_S_FOUNDATION"] })), []);
  });

  it("two groups that both stop giving it do not vouch for each other", () => {
    const both = user("ada", [inherited("VISIOCLIENT", "Staff"), inherited("VISIOCLIENT", "Devices")]);
    const nothing = new Map([groupId("Staff"), groupId("Devices")].map((id) => [id, []]));
    assert.deepEqual(lossOfGroupChanges([both], new Map([[groupId("Staff"), []]]), catalog), []);
    assert.deepEqual(lossOfGroupChanges([both], nothing, catalog), [
      { userId: both.id, plans: [lost("VISIOCLIENT", "VISIO"), lost("VISIOCLIENT", "VISIO", "Devices")] },
    ]);
  });

  it("an entry with an error vouches for nothing: its user may have left that group", () => {
    const entry = { ...inherited("VISIOCLIENT", "Devices"), state: "ActiveWithError", error: "DependencyViolation" };
    const leaving = user("ada", [inherited("VISIOCLIENT", "Staff"), entry]);
    assert.deepEqual(losses([leaving]), [{ userId: leaving.id, plans: [lost("VISIOCLIENT", "VISIO")] }]);
    assert.deepEqual(losses([user("ada", [entry])]), [], "what the changed group never gave is not its loss");
  });

  it("nor does one of another group of this stack", () => {
    const shaky = inherited("VISIOCLIENT", "Devices", { state: "ActiveWithError" });
    const after = new Map([
      [groupId("Staff"), []],
      [groupId("Devices"), [license("VISIOCLIENT")]],
    ]);
    const leaving = user("ada", [inherited("VISIOCLIENT", "Staff"), shaky]);
    assert.deepEqual(lossOfGroupChanges([leaving], after, catalog), [
      { userId: leaving.id, plans: [lost("VISIOCLIENT", "VISIO")] },
    ]);
    assert.deepEqual(
      lossOfGroupChanges([user("ada", [shaky])], after, catalog),
      [],
      "what goes on as it is, is no loss",
    );
  });

  it("what another group only begins to give vouches for nothing: it may come too late", () => {
    const narrow = inherited("EMS", "Devices", { without: ["INTUNE_A"] });
    const ben = user("ben", [inherited("EMS", "Staff"), narrow]);
    const after = new Map([
      [groupId("Staff"), [license("EMS", { without: ["INTUNE_A"] })]],
      [groupId("Devices"), [license("EMS")]],
    ]);
    assert.deepEqual(lossOfGroupChanges([ben], after, catalog), [{ userId: ben.id, plans: [lost("EMS", "INTUNE_A")] }]);
  });

  it("of a plan that two SKUs of the group give, each is a source of its own", () => {
    const both = user("ada", [inherited("EMS", "Staff"), inherited("ENTERPRISEPACK", "Staff")]);
    const sources = (...after: License[]) =>
      losses([both], ...after).flatMap(({ plans }) =>
        plans.filter((each) => each.planId === planId("RMS_S_ENTERPRISE")),
      );
    const rms = "RMS_S_ENTERPRISE";
    assert.deepEqual(sources(), [lost("EMS", rms), lost("ENTERPRISEPACK", rms)]);
    assert.deepEqual(sources(license("EMS")), [], "the other one goes on");
  });

  it("what another group gives is not touched by it", () => {
    assert.deepEqual(losses([user("ben", [inherited("EMS", "Devices")])]), []);
  });
});

describe("the refusal", () => {
  const staff = { name: "staff", groupId: groupId("Staff"), displayName: "Staff" };
  const visio = [lost("VISIOCLIENT", "VISIO")];

  it("names the plans, the number of users, the first five by id, and three ways out", () => {
    const plans = [lost("EMS", "INTUNE_A"), lost("EMS", "AAD_PREMIUM")];
    const seven = ["a", "b", "c", "d", "e", "f", "g"].map((name) => ({ userId: userId(name), plans }));
    const shown = seven
      .map((loss) => loss.userId)
      .sort()
      .slice(0, 5)
      .join(", ");
    assert.equal(
      lossRefusal(staff, seven, catalog),
      `The change to the licences of Staff would take AAD_PREMIUM, INTUNE_A from 7 users (${shown} and 2 more). ` +
        "Nothing was changed. Ways out: leave the group's licence as it is; " +
        "or give these users the same plans another way first, by another licensing group or directly; " +
        "or say in the stack file that they may lose them: licensing:acceptLoss: " +
        "[{group: staff, sku: EMS, plans: [AAD_PREMIUM, INTUNE_A]}].",
    );
  });

  it("of a group that is let go says that the word has to be there one run before", () => {
    const one = lossRefusal(staff, [{ userId: userId("ada"), plans: visio }], catalog, "let-go");
    assert.match(
      one,
      /in a stack file that has staff as before, and run pulumi up with it before the group is let go: licensing:acceptLoss: \[/,
    );
  });

  it("of five names all five", () => {
    const five = ["a", "b", "c", "d", "e"].map((name) => ({ userId: userId(name), plans: visio }));
    assert.ok(lossRefusal(staff, five, catalog).includes(`${userId("e")}). Nothing`));
  });

  it("of one user says one user, and no more", () => {
    const one = lossRefusal(staff, [{ userId: userId("ada"), plans: visio }], catalog);
    assert.ok(one.includes(`would take VISIO from 1 user (${userId("ada")}). Nothing`), one);
  });
});

describe("an accepted loss", () => {
  const staff = { name: "staff", groupId: groupId("Staff") };
  const accepted = [{ group: "staff", skuId: skuId("EMS"), planId: planId("INTUNE_A") }];
  const of = (name: string, ...plans: LostPlan[]) => ({ userId: userId(name), plans });

  it("is no loss, and covers nothing else", () => {
    const both = of("ada", lost("EMS", "INTUNE_A"), lost("EMS", "AAD_PREMIUM"));
    assert.deepEqual(unaccepted([both, of("ben", lost("EMS", "INTUNE_A"))], staff, accepted), [
      of("ada", lost("EMS", "AAD_PREMIUM")),
    ]);
  });

  it("of one SKU is not one of the same plan from another SKU of the group", () => {
    const rms = "RMS_S_ENTERPRISE";
    const both = of("ada", lost("EMS", rms), lost("ENTERPRISEPACK", rms));
    const allow = (...skus: string[]) =>
      skus.map((sku) => ({ group: "staff", skuId: skuId(sku), planId: planId(rms) }));
    assert.deepEqual(unaccepted([both], staff, allow("EMS")), [of("ada", lost("ENTERPRISEPACK", rms))]);
    assert.deepEqual(unaccepted([both], staff, allow("EMS", "ENTERPRISEPACK")), []);
  });

  it("is of its own group alone, and a group answers for its own licences alone", () => {
    const other = { ...accepted[0], group: "devices", skuId: skuId("EMS"), planId: planId("INTUNE_A") };
    const both = of("ada", lost("EMS", "INTUNE_A"), lost("EMS", "INTUNE_A", "Devices"));
    assert.deepEqual(unaccepted([both], staff, [other]), [of("ada", lost("EMS", "INTUNE_A"))]);
    assert.deepEqual(unaccepted([both], staff, accepted), [], "the other group is refused by itself");
    assert.equal(unaccepted([both], { name: "devices", groupId: groupId("Devices") }, accepted).length, 1);
  });
});
