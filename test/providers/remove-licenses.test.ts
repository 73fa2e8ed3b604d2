import assert from "node:assert/strict";
import { guidFrom } from "../../emulator/directory/spec";
import type { AcceptedLoss } from "../../licensing/stack-file/stack-file";
import { formatChange } from "../../licensing/plan/group-words";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { ems, GROUPS, idOf, NAMES, tenant, upn } from "./tenants";

const GROUP_WRITE = /^\/groups\/[^/]+\/assignLicense/;

describe("a licence that the stack file takes off a group by name", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const people = () => rig.emulator.tenant;
  const onGroup = () =>
    people()
      .group("All users")
      .licenses.map(({ skuId }) => people().sku(skuId).skuPartNumber)
      .sort();
  const groupWrites = () => rig.emulator.requests.all({ method: "POST", path: GROUP_WRITE }).length;

  /** "All users" gives EMS, which the file declares, and MCOEV, undeclared. */
  function start(removeLicenses: readonly string[], acceptLoss: readonly AcceptedLoss[] = []): SmallStack {
    rig.start(tenant({ allUsers: [{ sku: "EMS" }, { sku: "MCOEV" }] }));
    const [allUsers, finance] = GROUPS;
    assert(allUsers !== undefined && finance !== undefined);
    const groups = [{ ...allUsers, removeLicenses }, finance];
    return new SmallStack(rig, { groups, waves: [wave("everyone", percent(100))], acceptLoss });
  }

  const everybodyHasItDirectly = () => {
    for (const name of NAMES) people().assignDirect(upn(name), "MCOEV");
  };

  it("goes where no user loses a plan by it, is seen before, and is done with after it", async () => {
    const stack = start(["MCOEV"]);
    everybodyHasItDirectly();
    const { plan, snapshot } = await stack.plan();
    const [group] = plan.groups;
    assert(group !== undefined);
    assert.deepEqual(formatChange(group, snapshot.catalog), ["take MCOEV off the group"]);
    assert.deepEqual(plan.undeclared, [], "it is not told as something that is left alone");

    await stack.up();
    rig.emulator.clock.advance(600_000);
    assert.deepEqual([onGroup(), groupWrites()], [["EMS"], 1]);
    assert.deepEqual(rig.emulator.history.losses(), []);

    assert.ok(!(await stack.preview()).includes("all-users"), "the line may stay in the file");
    const found = (await stack.plan()).plan.findings.filter(({ code }) => code === "taken-off-already");
    assert.deepEqual(
      found.map(({ severity, about, remedy }) => [severity, about, remedy]),
      [["note", "all-users MCOEV", "Take MCOEV out of removeLicenses."]],
    );
  });

  it("comes off again when it is put back", async () => {
    const stack = start(["MCOEV"]);
    everybodyHasItDirectly();
    await stack.up();
    rig.emulator.clock.advance(600_000);
    people().setGroupLicenses("All users", [{ sku: "EMS" }, { sku: "MCOEV" }]);
    rig.emulator.clock.advance(600_000);
    assert.ok((await stack.preview()).includes("all-users"));
    await stack.up();
    assert.deepEqual([onGroup(), groupWrites()], [["EMS"], 2]);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("is refused in the preview while a user has a plan from it alone, with the ways out", async () => {
    const stack = start(["MCOEV"]);
    people().assignDirect(upn("ada"), "MCOEV");
    await assert.rejects(
      stack.preview(),
      /^Error: The change to the licences of All users would take MCOEV from 5 users \(.*Nothing was changed\..*licensing:acceptLoss: \[\{group: all-users, sku: MCOEV, plan: MCOEV\}\]/,
    );
    await assert.rejects(stack.up());
    assert.deepEqual([onGroup(), groupWrites()], [["EMS", "MCOEV"], 0]);
  });

  it("and at the write, when a user's other source has gone since the plan", async () => {
    const stack = start(["MCOEV"]);
    everybodyHasItDirectly();
    await assert.rejects(
      stack.up(() => people().removeDirect(upn("ada"), "MCOEV")),
      /would take MCOEV from 1 user/,
    );
    assert.deepEqual([onGroup(), groupWrites()], [["EMS", "MCOEV"], 0]);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("goes all the same where the file says that they may lose it", async () => {
    const stack = start(["MCOEV"], [{ group: "all-users", sku: "MCOEV", plans: ["MCOEV"] }]);
    await stack.up();
    assert.deepEqual(onGroup(), ["EMS"]);
  });

  it("stays without the word, however long no user needs it", async () => {
    const stack = start([]);
    everybodyHasItDirectly();
    await stack.up();
    assert.deepEqual([onGroup(), groupWrites()], [["EMS", "MCOEV"], 0]);
    assert.equal((await stack.plan()).plan.undeclared.length, 1);
  });

  it("of which the tenant has no seats any more frees the others: members inherit and are moved in the same run", async () => {
    const gone = guidFrom("GONE");
    rig.start(tenant({ allUsers: [{ sku: gone }] }));
    const [allUsers] = GROUPS;
    assert(allUsers !== undefined);
    const stack = new SmallStack(rig, { groups: [allUsers], waves: [wave("everyone", percent(100))] });
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(stack.gate().verified["all-users"]?.errors, { "EMS: Other": NAMES.length });

    stack.file = { ...stack.file, groups: [{ ...allUsers, removeLicenses: [gone] }], applyThrough: "everyone" };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([people().directAssignmentCount("EMS"), stack.wave().stays], [0, {}]);
    assert.deepEqual(await stack.preview(), []);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("blocks members with a second error cause, and they keep their licences", async () => {
    const gone = guidFrom("GONE");
    rig.start(tenant({ allUsers: [{ sku: gone }] }));
    const [allUsers] = GROUPS;
    assert(allUsers !== undefined);
    const stack = new SmallStack(rig, { groups: [allUsers], waves: [wave("everyone", percent(100))] });
    await stack.up();
    stack.file = { ...stack.file, groups: [{ ...allUsers, removeLicenses: [gone] }], applyThrough: "everyone" };
    people().setAssignmentError(upn("cleo"), "EMS", "All users", "UniquenessViolation");
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(
      people()
        .directAssignments("EMS")
        .map(({ userId }) => userId),
      [idOf("cleo")],
    );
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("is found by its id when the tenant no longer lists the SKU", async () => {
    const stack = start([ems.replace(/^./, "0")]);
    const { plan } = await stack.plan();
    assert.deepEqual(
      plan.findings.map(({ code }) => code),
      ["taken-off-already"],
    );
  });
});
