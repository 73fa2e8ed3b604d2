import assert from "node:assert/strict";
import { Catalog } from "../../../licensing/catalog";
import type { Finding } from "../../../licensing/finding";
import { planMigration, type PlanInput } from "../../../licensing/plan";
import { EMPTY_RECORD } from "../../../licensing/record";
import { declared, direct, E3, EMS, inherited, license, percent, snapshot, user, userId, wave } from "../builders";

const STAFF = declared("Staff", "EMS", "ENTERPRISEPACK");
const both = [inherited("EMS", "Staff"), inherited("ENTERPRISEPACK", "Staff")];
const nowhere = { usageLocation: null };

const PEOPLE = [
  user("ada", [direct("EMS"), direct("ENTERPRISEPACK"), ...both], nowhere),
  user("ben", [direct("EMS"), ...both], nowhere),
  user("cleo", [direct("EMS"), ...both]),
  user("dan", both, nowhere),
  // Nothing is removed from somebody who is blocked.
  user("eve", [direct("EMS")], nowhere),
];

/** Everybody but Eve is a member. */
function findings(changes: Partial<PlanInput> = {}): readonly Finding[] {
  const plan = planMigration({
    snapshot: snapshot({
      declared: [STAFF],
      users: PEOPLE,
      members: { Staff: ["ada", "ben", "cleo", "dan"] },
      catalog: new Catalog([EMS, E3]),
    }),
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
  return plan.findings.filter(({ code }) => code === "no-way-back");
}

describe("users without usageLocation, to whom nothing can be put back", () => {
  it("are told before a wave takes a direct licence from them, waiting or not, with what to set and where", () => {
    for (const applyThrough of [null, "everyone"]) {
      const [found, ...more] = findings({ applyThrough });
      assert(found !== undefined);
      assert.deepEqual(more, []);
      const { severity, about, count, userIds, message, remedy } = found;
      assert.deepEqual([severity, about, count], ["warning", "", 2]);
      assert.deepEqual(userIds, [userId("ada"), userId("ben")].sort());
      assert.match(message, /^2 users have no usageLocation, .* \(2 EMS, 1 ENTERPRISEPACK\)\. .*could put them back/);
      assert.match(remedy, /PATCH \/users\/\{id\} with usageLocation/);
    }
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
