import assert from "node:assert/strict";
import { leftOutLines } from "../../licensing/plan/wave-words";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { GROUPS, idOf, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const BACK: SmallStackFile = { ...EVERYONE, waves: [wave("everyone", percent(100), { rollback: true })] };

describe("a rollback to a user without usageLocation", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const directUsers = () => rig.emulator.tenant.directAssignments().map(({ userId }) => userId);

  it("is told before, refused by Entra, said with the way out, and the others get theirs", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    rig.emulator.tenant.setUsageLocation(upn("cleo"), null);

    stack.file = BACK;
    const findings = (await stack.plan()).plan.findings.filter(({ code }) => code === "no-way-back");
    assert.deepEqual(
      findings.map(({ severity, userIds }) => [severity, userIds]),
      [["warning", [idOf("cleo")]]],
    );
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.match(
      rig.host.said.at(-1) ?? "",
      /^everyone: 1 user could not get it back: .* invalid usage location\. Set usageLocation \(.*and run pulumi up again\.$/,
    );
    const { status, notRestoredBySku } = stack.wave();
    assert.deepEqual([status, notRestoredBySku], ["rolled-back", { EMS: 1 }]);
    assert.equal(new Set(directUsers()).size, 5);
    assert.ok(!directUsers().includes(idOf("cleo")));

    const [wave] = (await stack.plan()).plan.waves;
    assert.deepEqual(
      wave?.slices.flatMap(({ restores }) => restores),
      [],
      "no run announces what it will not try",
    );
    assert.deepEqual(
      wave.unrestored.map(({ userId }) => userId),
      [idOf("cleo")],
    );
    assert.deepEqual(await stack.preview(), []);

    rig.emulator.tenant.setUsageLocation(upn("cleo"), "US");
    assert.deepEqual(await stack.preview(), ["everyone-1"], "something has changed for her");
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.ok(directUsers().includes(idOf("cleo")));
    assert.deepEqual([stack.wave().notRestoredBySku, await stack.preview()], [{}, []]);
    assert.deepEqual(rig.emulator.history.losses(), [], "what they inherit is not touched by any of it");
  });
});

describe("a rollback that Graph refuses for a reason that is none of licensing", function () {
  this.timeout(120_000);
  const rig = rigOf();

  it("says Graph's own words, and the others get theirs", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    const message = "Another object with the same value for property proxyAddresses already exists.";
    const why = `${message} Mend the cause, and assign the licence (Set-MgUserLicense, or POST /users/{id}/assignLicense).`;
    const path = new RegExp(`/users/${idOf("cleo")}/assignLicense`);
    rig.emulator.faults.add({ match: { path }, then: { status: 400, message } });
    stack.file = BACK;
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(rig.host.said.at(-1), `everyone: 1 user could not get it back: ${why}`);
    assert.equal(new Set(rig.emulator.tenant.directAssignments().map(({ userId }) => userId)).size, 5);
    assert.deepEqual(await stack.preview(), []);

    const leftOut = async () => (await stack.plan()).plan.waves.flatMap((each) => leftOutLines(each));
    const told = [`1 user could not get it back: ${why} (${idOf("cleo")})`];
    assert.deepEqual(await leftOut(), told, "the next preview lists the user, with the reason");
    rig.emulator.tenant.removeDirect(upn("ben"), "EMS");
    assert.deepEqual((await stack.up()).ran, ["everyone-1"]);
    assert.deepEqual(await leftOut(), told, "also after a run that had other users to put back");
    stack.rewrite("everyone-1", ({ __whyUnrestored: _, ...older }) => older);
    assert.deepEqual(await leftOut(), [
      `1 user could not get it back: see the row of the run that tried (${idOf("cleo")})`,
    ]);
  });
});

describe("a rollback to a user in a restricted management administrative unit", function () {
  this.timeout(120_000);
  const rig = rigOf();

  it("is told before, and done once the unit lets go of the user", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    rig.emulator.tenant.setManagementRestricted(upn("cleo"), true);
    stack.file = BACK;
    const told = async () =>
      (await stack.plan()).plan.findings.flatMap(({ code, message, userIds }) =>
        code === "no-way-back" ? [{ message, userIds }] : [],
      );
    const [finding, ...others] = await told();
    assert.match(finding?.message ?? "", /^1 user is in a restricted management administrative unit.*\(1 EMS\)/);
    assert.deepEqual([finding?.userIds, others], [[idOf("cleo")], []]);
    assert.deepEqual((await stack.up()).unfinished, []);
    rig.emulator.tenant.setManagementRestricted(upn("cleo"), false);
    assert.deepEqual(await told(), []);
    assert.deepEqual((await stack.up()).ran, ["everyone-1"]);
    assert.equal(rig.emulator.tenant.directAssignmentCount("EMS"), 6);
  });
});
