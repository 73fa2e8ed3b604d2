import assert from "node:assert/strict";
import type { Assignment } from "../../licensing/model";
import { predict } from "../../licensing/plan/prediction";
import { bare, declared, direct, inherited, license, settled, skuId, snapshot, user, userId } from "./builders";

const STAFF = declared("Staff", "EMS");
const ada = user("ada", [direct("EMS")]);
const members = { Staff: ["ada"] };

describe("a prediction", () => {
  it("is not needed when every group gives what is declared: the plan is made from the truth", () => {
    const now = snapshot({ declared: [STAFF], users: [ada], members });
    const { snapshot: then, predicted } = predict(now);
    assert.equal(predicted, false);
    assert.equal(then, now);
  });

  it("gives members of a group without its licence what it declares, and no other user", () => {
    const ben = user("ben", [direct("EMS")]);
    const now = snapshot({ declared: [STAFF], groups: [bare(STAFF)], users: [ada, ben], members });
    const { snapshot: then, predicted } = predict(now);
    assert.equal(predicted, true);
    assert.deepEqual(then.users.get(ada.id)?.assignments, [direct("EMS"), inherited("EMS", "Staff")]);
    assert.equal(then.users.get(ben.id), ben);
    assert.deepEqual(then.groups.get(STAFF.groupId), settled(STAFF));
    assert.deepEqual(now.users.get(ada.id), ada, "what was read is not changed");
  });

  it("is made while a group is at work, too", () => {
    const working = settled(STAFF, { processingState: "ProcessingInProgress" });
    assert.equal(predict(snapshot({ declared: [STAFF], groups: [working], users: [], members })).predicted, true);
  });

  it("what is in error now is not predicted away", () => {
    for (const state of ["Error", "ActiveWithError", "Disabled"]) {
      const broken = inherited("EMS", "Staff", { state, error: "CountViolation" });
      const cleo = user("cleo", [direct("EMS"), broken]);
      const groups = [settled(STAFF, { processingState: "QueuedForProcessing" })];
      const now = snapshot({ declared: [STAFF], groups, users: [cleo], members: { Staff: ["cleo"] } });
      assert.deepEqual(predict(now).snapshot.users.get(cleo.id)?.assignments, [direct("EMS"), broken], state);
    }
  });

  it("a change of plans is predicted in the entry, and what others give stays", () => {
    const narrow = declared("Staff", license("EMS", { without: ["INTUNE_A"] }));
    const now = snapshot({
      declared: [narrow],
      groups: [settled(narrow, { licenses: [license("EMS"), license("VISIOCLIENT")] })],
      users: [user("ada", [inherited("EMS", "Staff"), inherited("VISIOCLIENT", "Staff"), inherited("EMS", "Devices")])],
      members,
    });
    const { snapshot: then } = predict(now);
    assert.deepEqual(then.users.get(userId("ada"))?.assignments, [
      inherited("VISIOCLIENT", "Staff"),
      inherited("EMS", "Devices"),
      inherited("EMS", "Staff", { without: ["INTUNE_A"] }),
    ]);
    assert.deepEqual(then.groups.get(narrow.groupId)?.licenses, [
      license("VISIOCLIENT"),
      license("EMS", { without: ["INTUNE_A"] }),
    ]);
  });

  it("a group with several licences is predicted with each of them once", () => {
    const both = declared("Staff", "EMS", license("ENTERPRISEPACK", { without: ["YAMMER"] }));
    const now = snapshot({
      declared: [both],
      groups: [settled(both, { licenses: [license("EMS"), license("VISIOCLIENT")] })],
      users: [user("ada", [inherited("EMS", "Staff"), inherited("VISIOCLIENT", "Staff")])],
      members,
    });
    const { snapshot: then } = predict(now);
    assert.deepEqual(then.groups.get(both.groupId)?.licenses, [license("VISIOCLIENT"), ...both.licenses]);
    assert.deepEqual(then.users.get(userId("ada"))?.assignments, [
      inherited("VISIOCLIENT", "Staff"),
      inherited("EMS", "Staff"),
      inherited("ENTERPRISEPACK", "Staff", { without: ["YAMMER"] }),
    ]);
  });

  it("one group that is not ready makes the plan a prediction, and leaves the others as they are", () => {
    const devices = declared("Devices", "VISIOCLIENT");
    const now = snapshot({
      declared: [STAFF, devices],
      groups: [bare(STAFF), settled(devices)],
      users: [ada],
      members: { Staff: ["ada"], Devices: ["ada"] },
    });
    const { snapshot: then, predicted } = predict(now);
    assert.equal(predicted, true);
    assert.deepEqual(then.users.get(ada.id)?.assignments, [direct("EMS"), inherited("EMS", "Staff")]);
  });

  it("a member that was read as a member and not as a user is passed over", () => {
    const now = snapshot({ declared: [STAFF], groups: [bare(STAFF)], users: [], members });
    assert.equal(predict(now).snapshot.users.size, 0);
  });

  describe("of a group that a SKU is taken off", () => {
    const gone = skuId("RETIRED");
    const group = { ...STAFF, removes: [gone] };
    const carrying = settled(STAFF, { licenses: [license("EMS"), license("RETIRED")] });
    const failing = (error: string) => inherited("RETIRED", "Staff", { state: "Error", error });
    const sibling = inherited("EMS", "Staff", { state: "Error", error: "Other" });
    const then = (...assignments: readonly Assignment[]) => {
      const now = snapshot({ declared: [group], groups: [carrying], users: [user("ada", assignments)], members });
      const { snapshot: after, predicted } = predict(now);
      assert.equal(predicted, true);
      assert.deepEqual(after.groups.get(STAFF.groupId)?.licenses, [license("EMS")]);
      return after.users.get(ada.id)?.assignments;
    };

    it("counts what the group gives no more as gone, and its error with it", () => {
      assert.deepEqual(then(direct("EMS"), inherited("EMS", "Staff"), inherited("RETIRED", "Staff")), [
        direct("EMS"),
        inherited("EMS", "Staff"),
      ]);
      assert.deepEqual(then(direct("EMS"), sibling, failing("CountViolation")), [
        direct("EMS"),
        inherited("EMS", "Staff"),
      ]);
    });

    it("keeps an error that has another cause, or none that is known", () => {
      const own = inherited("EMS", "Staff", { state: "Error", error: "CountViolation" });
      assert.deepEqual(then(direct("EMS"), own, failing("CountViolation")), [direct("EMS"), own]);
      assert.deepEqual(then(direct("EMS"), sibling, failing("Other")), [direct("EMS"), sibling]);
      const third = inherited("VISIOCLIENT", "Staff", { state: "Error", error: "DependencyViolation" });
      assert.deepEqual(then(sibling, third, failing("CountViolation")), [third, sibling]);
    });

    it("is no prediction any more when it is off", () => {
      assert.equal(predict(snapshot({ declared: [group], users: [ada], members })).predicted, false);
    });
  });

  it("counts users joining in this run as members with the licence, and leaves the others as they were read", () => {
    const ben = user("ben", [direct("EMS")]);
    const now = snapshot({ declared: [STAFF], users: [ada, ben], members });
    const { snapshot: then, predicted } = predict(now, joins("ben"));
    assert.equal(predicted, true);
    assert.deepEqual(then.members.get(STAFF.groupId), new Set([ada.id, ben.id]));
    assert.deepEqual(then.users.get(ben.id)?.assignments, [direct("EMS"), inherited("EMS", "Staff")]);
    assert.equal(then.users.get(ada.id), ada, "the group is processed, so what ada lacks is no matter of time");
    assert.deepEqual(now.members.get(STAFF.groupId), new Set([ada.id]));
    assert.equal(predict(now, joins()).predicted, false);
  });

  const joins = (...names: readonly string[]) =>
    new Map([[STAFF.groupId, { userIds: new Set(names.map(userId)), uncovered: new Set<string>() }]]);
});
