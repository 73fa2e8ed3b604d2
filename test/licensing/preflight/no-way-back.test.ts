import assert from "node:assert/strict";
import { remedyOf } from "../../../licensing/decision/remedy";
import { Catalog } from "../../../licensing/catalog/catalog";
import type { Finding } from "../../../licensing/finding";
import type { MigrationPlan, PlanInput } from "../../../licensing/plan/plan";
import { planMigration } from "../../../licensing/plan/plan-migration";
import { EMPTY_RECORD } from "../../../licensing/record/record";
import { declared, direct, E3, EMS, inherited, license, percent, snapshot, user, userId, wave } from "../builders";

const STAFF = declared("Staff", "EMS", "ENTERPRISEPACK");
const both = [inherited("EMS", "Staff"), inherited("ENTERPRISEPACK", "Staff")];
const nowhere = { usageLocation: null };

const PEOPLE = [
  user("ada", [direct("EMS"), direct("ENTERPRISEPACK"), ...both], nowhere),
  user("ben", [direct("EMS"), ...both], nowhere),
  user("cleo", [direct("EMS"), ...both]),
  user("dan", both, nowhere),
  // Nothing is removed from a blocked user.
  user("eve", [direct("EMS")], nowhere),
];

/** All users but Eve are members. */
function planned(changes: Partial<PlanInput>, noWayBack: boolean): MigrationPlan {
  const tenant = snapshot({
    declared: [STAFF],
    users: PEOPLE,
    members: { Staff: ["ada", "ben", "cleo", "dan"] },
    catalog: new Catalog([EMS, E3]),
  });
  return planMigration({
    snapshot: { ...tenant, accepts: { grace: new Set(), noWayBack } },
    waves: [wave("everyone", percent(100))],
    moveLast: new Map(),
    named: new Map(),
    applyThrough: null,
    record: EMPTY_RECORD,
    accepted: [],
    after: new Map([[STAFF.groupId, STAFF.licenses]]),
    nowMs: 0,
    ...changes,
  });
}

function findings(changes: Partial<PlanInput> = {}, noWayBack = false): readonly Finding[] {
  return planned(changes, noWayBack).findings.filter(({ code }) => code === "no-way-back");
}

describe("users without usageLocation: nothing can be put back", () => {
  it("are told before a wave takes a direct licence from them, as the stack file allows, waiting or not", () => {
    for (const applyThrough of [null, "everyone"]) {
      const [found, ...more] = findings({ applyThrough }, true);
      assert(found !== undefined);
      assert.deepEqual(more, []);
      const { severity, about, count, userIds, message, remedy } = found;
      assert.deepEqual([severity, about, count], ["warning", "", 2]);
      assert.deepEqual(userIds, [userId("ada"), userId("ben")].sort());
      assert.match(message, /^2 users have no usageLocation, .* \(2 EMS, 1 ENTERPRISEPACK\)\. .*could put them back/);
      assert.match(remedy, /PATCH \/users\/\{id\} with usageLocation/);
    }
  });

  it("are blocked otherwise, with what to set and where", () => {
    const plan = planned({}, false);
    const slices = plan.waves.flatMap((wave) => wave.slices);
    const mine = slices.flatMap(({ blocked }) => blocked).filter(({ userId: id }) => id !== userId("eve"));
    assert.deepEqual(
      mine.map(({ userId: id, skuId, reason }) => [id, skuId, reason.kind]).sort(),
      [
        [userId("ada"), EMS.id, "no-usage-location"],
        [userId("ada"), E3.id, "no-usage-location"],
        [userId("ben"), EMS.id, "no-usage-location"],
      ].sort(),
    );
    assert.deepEqual(
      [...new Set(slices.flatMap(({ removals }) => removals.map((each) => each.userId)))],
      [userId("cleo")],
    );
    assert.match(remedyOf({ kind: "no-usage-location" }), /PATCH \/users\/\{id\} with usageLocation/);
  });

  it("are no finding where no wave takes anything from them", () => {
    assert.deepEqual(findings({ waves: [] }), []);
  });

  it("are told before a rollback that is to give them one", () => {
    const baseline = new Map([
      [userId("dan"), new Map([[license("EMS").skuId, license("EMS")]])],
      [userId("cleo"), new Map([[license("ENTERPRISEPACK").skuId, license("ENTERPRISEPACK")]])],
    ]);
    const [found, ...more] = findings({
      waves: [wave("everyone", percent(100), { rollback: true })],
      record: { ...EMPTY_RECORD, baseline },
    });
    assert.deepEqual(more, []);
    assert.deepEqual([found?.count, found?.userIds], [1, [userId("dan")]]);
    assert.match(found?.message ?? "", /^1 user has no usageLocation, .* give them direct licences back \(1 EMS\)/);
    assert.match(found?.remedy ?? "", /before the rollback/);
  });
});
