import assert from "node:assert/strict";
import { groupLicense, type GroupLicenseInputs } from "../../dynamic-providers/lifecycle/group-license";
import type { License } from "../../licensing/model";
import { openRig, type Rig } from "./rig";
import { e3, ems, NAMES, tenant, upn } from "./tenants";

const GROUP_WRITE = /^\/groups\/[^/]+\/assignLicense/;

describe("GroupLicense", function () {
  this.timeout(20_000);
  let rig: Rig;

  before(async () => {
    rig = await openRig();
  });

  after(() => rig.close());

  const people = () => rig.emulator.tenant;
  const plan = (name: string) => people().plan(name);
  const whole = (skuId: string, ...disabledPlans: string[]): License => ({ skuId, disabledPlans });
  const settle = () => rig.emulator.clock.advance(600_000);
  const writes = () => rig.emulator.requests.all({ method: "POST", path: GROUP_WRITE });
  const given = () =>
    people()
      .group("All users")
      .licenses.map(({ skuId, disabledPlans }) => whole(skuId, ...disabledPlans));

  function inputs(...licenses: License[]): GroupLicenseInputs {
    const { id, displayName } = people().group("All users");
    const group = { name: "all-users", groupId: id, displayName, licenses };
    return { connection: rig.connection, group, changes: [], refusal: "", acceptLoss: [], others: {} };
  }
  const converge = (licenses: License[], before: License[] | null = null) =>
    groupLicense.converge(
      inputs(...licenses),
      before === null
        ? null
        : {
            ...inputs(),
            name: "all-users",
            groupId: inputs().group.groupId,
            displayName: "All users",
            licenses: before,
          },
      rig.host,
    );

  it("gives a group its licences, and its members inherit them", async () => {
    rig.start(tenant({ allUsers: [] }));
    const { outputs, unfinished } = await converge([whole(ems, plan("INTUNE_A")), whole(e3)]);
    assert.deepEqual(unfinished, []);
    assert.deepEqual(outputs.licenses, [whole(ems, plan("INTUNE_A")), whole(e3)]);
    settle();
    assert.deepEqual(given(), outputs.licenses);
    assert.equal(writes().length, 1, "all in one write");
    assert.equal(rig.emulator.requests.count({ path: /\/members\// }), 0, "nobody can lose what nobody has");
    assert.ok(
      people()
        .user(upn("fay"))
        .holdings.assignments.some((each) => each.skuId === e3),
    );
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("adopts what is already there, without a write", async () => {
    rig.start(tenant());
    const { outputs } = await converge([whole(ems)]);
    assert.deepEqual(outputs.licenses, [whole(ems)]);
    assert.deepEqual(rig.emulator.requests.writes(), []);
  });

  it("changes plans in place: one write that adds, and nobody is without for a moment", async () => {
    rig.start(tenant({ direct: [], allUsers: [{ sku: "EMS", disabledPlans: ["INTUNE_A"] }] }));
    await converge([whole(ems)]);
    settle();
    assert.deepEqual([given(), writes().length], [[whole(ems)], 1]);
    assert.deepEqual(rig.emulator.history.losses(), []);
    assert.ok(people().effectivePlans(upn("fay")).includes(plan("INTUNE_A")));
  });

  it("leaves SKUs alone that nobody declared", async () => {
    rig.start(tenant({ allUsers: [{ sku: "ENTERPRISEPACK" }] }));
    await converge([whole(ems)]);
    assert.deepEqual(new Set(given().map(({ skuId }) => skuId)), new Set([ems, e3]));
  });

  it("takes back what it gave and no longer declares, once nobody needs it", async () => {
    rig.start(tenant({ allUsers: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK" }] }));
    for (const name of NAMES.slice(2)) people().assignDirect(upn(name), "ENTERPRISEPACK");
    await converge([whole(ems)], [whole(ems), whole(e3)]);
    assert.deepEqual(given(), [whole(ems)]);
    settle();
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("refuses what would take a plan from a member: by a fresh look, whatever the plan had seen", async () => {
    rig.start(tenant());
    people().removeDirect(upn("cleo"), "EMS");
    await assert.rejects(converge([whole(ems, plan("INTUNE_A"))]), (error: Error) => {
      assert.match(error.message, /^The change to the licences of All users would take INTUNE_A from 1 user \(/);
      assert.ok(error.message.includes(people().user(upn("cleo")).id));
      return true;
    });
    assert.deepEqual(rig.emulator.requests.writes(), []);
  });

  it("refuses to take back a SKU that somebody needs", async () => {
    rig.start(tenant({ allUsers: [{ sku: "EMS" }, { sku: "MCOEV" }] }));
    await assert.rejects(
      converge([whole(ems)], [whole(ems), whole(people().sku("MCOEV").skuId)]),
      /MCOEV from 6 users/,
    );
    assert.deepEqual(rig.emulator.requests.writes(), []);
  });

  it("narrows what everybody has directly as well", async () => {
    rig.start(tenant());
    await converge([whole(ems, plan("INTUNE_A"))]);
    settle();
    assert.deepEqual(given(), [whole(ems, plan("INTUNE_A"))]);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("a group that is gone is an error with its name and id", async () => {
    rig.start(tenant({ allUsers: [] }));
    const gone = inputs(whole(ems));
    people().removeGroup("All users");
    await assert.rejects(
      groupLicense.converge(gone, null, rig.host),
      new RegExp(`The group All users \\(${gone.group.groupId}\\) no longer exists`),
    );
  });

  it("a second run finds nothing to do", async () => {
    rig.start(tenant({ allUsers: [] }));
    const { outputs } = await converge([whole(ems)]);
    settle();
    assert.equal(groupLicense.hasChanges(inputs(whole(ems)), outputs), false);
    await converge([whole(ems)], [whole(ems)]);
    assert.equal(writes().length, 1);
  });

  it("has work when the group differs, when the file does, or when the group is called otherwise", async () => {
    rig.start(tenant());
    const { outputs } = await converge([whole(ems)]);
    const now = inputs(whole(ems));
    assert.ok(groupLicense.hasChanges({ ...now, changes: ["assign EMS"] }, outputs));
    assert.ok(groupLicense.hasChanges(inputs(whole(ems), whole(e3)), outputs));
    assert.ok(groupLicense.hasChanges(inputs(), outputs));
    assert.ok(groupLicense.hasChanges(inputs(whole(ems, plan("INTUNE_A"))), outputs));
    assert.ok(groupLicense.hasChanges({ ...now, group: { ...now.group, displayName: "Everybody" } }, outputs));
  });

  it("is refused already in the preview where the plan says so", () => {
    rig.start(tenant());
    assert.equal(groupLicense.refusal(inputs(whole(ems))), null);
    assert.equal(groupLicense.refusal({ ...inputs(whole(ems)), refusal: "no" }), "no");
  });

  describe("let go", () => {
    const release = async () => {
      const { outputs } = await converge([whole(ems)]);
      await groupLicense.release(outputs, rig.host);
    };

    it("is refused while somebody depends on it, naming whom and what", async () => {
      rig.start(tenant());
      people().removeDirect(upn("cleo"), "EMS");
      await assert.rejects(
        release(),
        /would take .*INTUNE_A.* from 1 user \(.*Ways out: leave the group's licence as it is/,
      );
      assert.deepEqual([given(), rig.emulator.requests.writes()], [[whole(ems)], []]);
    });

    it("goes through after their direct licences are back, and takes nothing else", async () => {
      rig.start(tenant({ allUsers: [{ sku: "EMS" }, { sku: "ENTERPRISEPACK" }] }));
      await release();
      settle();
      assert.deepEqual(given(), [whole(e3)]);
      assert.deepEqual(rig.emulator.history.losses(), []);
    });

    it("of a licence that somebody took away already, or of a group that is gone, is nothing to do", async () => {
      rig.start(tenant());
      const { outputs } = await converge([whole(ems)]);
      people().setGroupLicenses("All users", []);
      settle();
      await groupLicense.release(outputs, rig.host);
      people().removeGroup("All users");
      await groupLicense.release(outputs, rig.host);
      assert.deepEqual(rig.emulator.requests.writes(), []);
    });
  });
});
