import assert from "node:assert/strict";
import { madeGroupPermissions, migrationPermissions } from "../../emulator/directory/spec";
import { ONLY_IN_E3 } from "../providers/e3-group";
import { tenantOfMove } from "../providers/move-tenant";
import { upn } from "../providers/tenants";
import { journeyOf } from "./journey";
import { rehearsed } from "./rehearsed";

const stackFile = {
  "licensing:groups": {
    "e3-users": { existing: "E3 users", licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3] }] },
    "e5-users": { existing: "E5 users", licenses: ["SPE_E5"] },
  },
  "licensing:moves": [{ from: "e3-users", to: "e5-users" }],
  "licensing:waves": [
    { name: "canary", users: [upn("ada")], soak: "1 hour" },
    { name: "everyone", percent: 100 },
  ],
};

describe("journey: a rehearsal of members that go from group to group", function () {
  this.timeout(240_000);

  const apps = [{ name: "run", permissions: [...migrationPermissions, ...madeGroupPermissions] }];
  const journey = journeyOf(() => ({ tenant: tenantOfMove({ more: { apps } }) }), stackFile);

  it("runs their waves on the copy", async () => {
    const rehearsal = await rehearsed(journey, stackFile);
    assert.ok(rehearsal);
    assert.deepEqual(rehearsal.groupMoves, [{ from: "E3 users", to: "E5 users", moved: 6, pending: 0, stay: {} }]);
    assert.match(rehearsal.verdict.summary, /6 users went from E3 users to E5 users\.$/);
    assert.equal(rehearsal.rollback?.isThrough, true);
    assert.deepEqual(rehearsal.lost, []);
  });

  it("with --leave and --narrow, which strike the largest wave of moves", async () => {
    const rehearsal = await rehearsed(journey, stackFile, "--leave", "1", "--narrow", "e5-users");
    const [left = "", narrowed = ""] = (rehearsal?.troubles ?? []).map(({ words }) => words);
    assert.match(
      left,
      /^1 user was taken out of the new group in wave everyone, after 1 move from group to group: 1 of them has every plan of the old group still\.$/,
    );
    assert.match(
      narrowed,
      /was taken out of the licence of e5-users in wave everyone, after \d moves from group to group/,
    );
    assert.deepEqual(rehearsal?.lost, []);
  });

  it("is refused where the preview would refuse: the copy does not have what a group serves", async () => {
    Object.assign(journey.emulator.tenant.group("E3 users"), { appRoles: ["Salesforce"] });
    await assert.rejects(
      rehearsed(journey, stackFile),
      /E3 users serves more than licences: an app role of Salesforce/,
    );
  });
});
