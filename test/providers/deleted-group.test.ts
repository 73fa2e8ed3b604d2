import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { GROUPS, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };

describe("a licensing group that was deleted, or renamed, after the move", function () {
  this.timeout(120_000);
  const rig = rigOf({ startAt: new Date("2026-11-27T09:00:00Z") });
  let stack: SmallStack;

  const LEAST = [
    "User.Read.All",
    "GroupMember.Read.All",
    "GroupMember.ReadBasic.All",
    "LicenseAssignment.ReadWrite.All",
    "LicenseAssignment.Read.All",
    "AuditLog.Read.All",
  ];

  async function moved(permissions: readonly string[] = [...LEAST, "Group.Read.All"]): Promise<void> {
    rig.start(tenant({ more: { apps: [{ name: "licensing", permissions: [...permissions] }] } }), "licensing");
    stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
  }

  /** Licences come off first: Entra deletes no group that has some. */
  function deleteGroup(name: string): void {
    const people = rig.emulator.tenant.as("admin@contoso.com");
    people.setGroupLicenses(name, []);
    rig.emulator.clock.advance(3_600_000);
    people.removeGroup(name);
    rig.emulator.clock.advance(3_600_000);
  }

  const finding = async () => (await stack.plan()).plan.findings.find(({ code }) => code === "group-deleted");

  it("is known by its id: two users of two lost it, when, until when it can be restored, and by which hand", async () => {
    await moved();
    deleteGroup("Finance department");
    const { departureRefusal, groups } = (await stack.plan()).plan;
    assert.match(
      departureRefusal ?? "",
      /^2 of 2 moved users of Finance department .*first seen on 2026-11-27\. The group was deleted on 2026-11-27 and can be restored until 2026-12-27: .* The audit log has: Delete group by admin@contoso\.com on 2026-11-27 10:00 UTC.* Ways out: restore the deleted group and give it its licences again; or give them/,
    );
    assert.match(
      (await finding())?.message ?? "",
      /^The group Finance department \(.*\), which this stack gave its licences, was deleted on 2026-11-27/,
    );
    assert.deepEqual(
      groups.map(({ changes, takenOff }) => changes.length + takenOff.length),
      [0, 0],
      "its row has nothing to do",
    );
    assert.ok((await stack.preview()).includes("baseline"), "the nightly check fails");
  });

  it("waves wait, other groups go on, and after an acknowledgement the nightly check is green", async () => {
    await moved();
    deleteGroup("Finance department");
    rig.emulator.tenant.addUser({ userPrincipalName: upn("gus"), licenses: [{ sku: "EMS" }] });
    rig.emulator.tenant.joinGroup(upn("gus"), "All users");
    rig.emulator.clock.advance(3_600_000);
    stack.file = { ...stack.file, departures: { share: 0.05, acknowledged: "2026-11-27" } };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(rig.emulator.tenant.directAssignmentCount("EMS"), 1, "gus waits");
    const [first] = (await stack.plan()).plan.waves;
    assert.deepEqual(first?.hold, { kind: "group-deleted", group: "Finance department" });
    assert.deepEqual(await stack.preview(), []);
  });

  it("a rollback does not need it, and what it says gives the direct licences back is the one that does", async () => {
    await moved();
    deleteGroup("Finance department");
    assert.match((await finding())?.remedy ?? "", /give its users their direct licences again with rollback: all on/);
    stack.file = { ...stack.file, waves: [wave("everyone", percent(100), { rollback: true })] };
    assert.deepEqual((await stack.up()).unfinished, []);
    const back = (sku: string) => rig.emulator.tenant.directAssignmentCount(sku);
    assert.deepEqual([back("EMS"), back("ENTERPRISEPACK")], [6, 0], "the members of the other group alone");
    stack.file = { ...stack.file, waves: [wave("everyone", percent(100), { rollback: "all" })] };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([back("EMS"), back("ENTERPRISEPACK")], [6, 2]);
  });

  it("without the permission to look into the bin nothing is claimed", async () => {
    await moved(LEAST);
    deleteGroup("Finance department");
    assert.match(
      (await finding())?.message ?? "",
      /was deleted \(whether it can be restored is unknown: .*Group\.Read\.All\)\.$/,
    );
  });

  it("a new group of the old name is another one", async () => {
    await moved();
    deleteGroup("Finance department");
    rig.emulator.tenant.addGroup({
      id: "11111111-2222-4333-8444-555555555555",
      displayName: "Finance department",
      members: [upn("ada")],
      licenses: [{ sku: "ENTERPRISEPACK" }],
    });
    assert.match((await finding())?.remedy ?? "", /a new group of the old name is another group/);
    const { plan } = await stack.plan();
    assert.deepEqual(
      plan.groups.map(({ refusal }) => refusal),
      [null, null],
    );
  });

  it("a change of its licences in the file waits; restored without licences it gets them again with the next up", async () => {
    await moved();
    const { id } = rig.emulator.tenant.group("Finance department");
    deleteGroup("Finance department");
    const [all, finance] = GROUPS;
    assert.ok(all !== undefined && finance !== undefined);
    stack.file = {
      ...stack.file,
      groups: [all, { ...finance, licenses: [...finance.licenses, { sku: "MCOEV", disabledPlans: [] }] }],
      departures: { share: 0.05, acknowledged: "2026-11-27" },
    };
    assert.deepEqual((await stack.up()).unfinished, [], "nothing is written to a group that is not there");
    stack.file = { ...stack.file, groups: GROUPS };
    rig.emulator.tenant.addGroup({ id, displayName: "Finance department", members: [upn("ada")] });
    rig.emulator.clock.advance(3_600_000);
    assert.equal(await finding(), undefined);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(
      rig.emulator.tenant.group("Finance department").licenses.map(({ skuId }) => skuId),
      [rig.emulator.tenant.sku("ENTERPRISEPACK").skuId],
    );
  });

  it("one that was renamed is found by its id, with a note; a name that was never known is a mistake", async () => {
    await moved();
    rig.emulator.tenant.renameGroup("Finance department", "Finance and controlling");
    const { findings, groups } = (await stack.plan()).plan;
    assert.deepEqual(
      groups.map(({ declared }) => declared.displayName),
      ["All users", "Finance and controlling"],
    );
    assert.match(
      findings.find(({ code }) => code === "name-gone")?.message ?? "",
      /no group is called "Finance department" any more; .* is now called "Finance and controlling"\.$/,
    );
    stack.file = {
      ...stack.file,
      groups: [...GROUPS, { name: "sales", existing: "Sails", licenses: [{ sku: "EMS", disabledPlans: [] }] }],
    };
    await assert.rejects(stack.plan(), /licensing:groups\.sales\.existing the tenant has no group "Sails"/);
  });
});
