import assert from "node:assert/strict";
import { planText } from "../../cli/render/terminal/plan-text";
import { formatChange, formatGroup } from "../../licensing/plan/group-words";
import { percent, wave } from "../licensing/builders";
import { E3, ONLY_IN_E3, SPE_E5, staff, tenantOfE3Group } from "./e3-group";
import { openRig, type Rig } from "./rig";
import { SmallStack } from "./small-stack";
import { e3, idOf, NAMES, upn } from "./tenants";

const GROUP_WRITE = /^\/groups\/[^/]+\/assignLicense/;

describe("a group that gives E3 and shall give E5", function () {
  this.timeout(120_000);
  let rig: Rig;

  before(async () => {
    rig = await openRig();
  });

  after(() => rig.close());

  const people = () => rig.emulator.tenant;
  const plan = (name: string) => people().plan(name);
  const settle = () => rig.emulator.clock.advance(600_000);
  const onGroup = () =>
    people()
      .group("Staff")
      .licenses.map(({ skuId }) => people().sku(skuId).skuPartNumber)
      .sort();
  /** Each write to a group since the rig started, as it left. */
  let writes: { add: string[]; remove: string[] }[] = [];
  let atWrite: (body: string) => void = () => undefined;
  const watch = (body: string) => {
    atWrite(body);
    if (!body.includes('"removeLicenses"') || body.includes('"requests"')) return null;
    const sent = JSON.parse(body) as { addLicenses: { skuId: string }[]; removeLicenses: string[] };
    writes.push({ add: sent.addLicenses.map(({ skuId }) => skuId), remove: sent.removeLicenses });
    return null;
  };
  const groupWrites = () => {
    assert.equal(rig.emulator.requests.all({ method: "POST", path: GROUP_WRITE }).length, writes.length);
    return writes;
  };
  const directOf = (sku: string) =>
    people()
      .directAssignments(sku)
      .map(({ userId }) => userId)
      .sort();
  const takeOff = (stack: SmallStack) => stack.outputs("staff-take-off");

  const toE5 = staff(["SPE_E5"], ["ENTERPRISEPACK"]);
  const IN_TWO = [
    { add: [SPE_E5.skuId], remove: [] },
    { add: [], remove: [e3] },
  ];

  function start(
    seats: number = NAMES.length,
    more: Parameters<typeof tenantOfE3Group>[1] = {},
    group = toE5,
  ): SmallStack {
    rig.start(tenantOfE3Group(seats, more));
    writes = [];
    atWrite = () => undefined;
    rig.host.network = watch;
    return new SmallStack(rig, { groups: [group], waves: [wave("everyone", percent(100))] });
  }

  /** Runs this right before the write that takes E3 off the group. */
  function atTheTakeOff(happens: () => void): void {
    let isDone = false;
    atWrite = (body) => {
      if (isDone || !body.includes(`"removeLicenses":["${e3}"]`)) return;
      isDone = true;
      happens();
    };
  }

  it("gets E5, is verified, loses E3, and is read back, in one up", async () => {
    const stack = start();
    const { plan: planned, snapshot } = await stack.plan();
    const [group] = planned.groups;
    assert(group !== undefined);
    assert.deepEqual(formatChange(group, snapshot.catalog), [
      "assign SPE_E5",
      "then take ENTERPRISEPACK without KAIZALA_O365_P3 off the group, when every member is verified",
    ]);
    const { ran, unfinished } = await stack.up();
    assert.deepEqual(unfinished, []);
    assert.deepEqual(ran, ["staff", "inheritance", "staff-take-off", "baseline", "everyone-1"].slice(0, ran.length));
    assert.deepEqual([onGroup(), groupWrites()], [["SPE_E5"], IN_TWO]);
    for (const name of NAMES) {
      const skus = people()
        .user(upn(name))
        .holdings.assignments.map(({ skuId }) => skuId);
      assert.deepEqual(skus, [SPE_E5.skuId], "read back until the entry is gone");
    }
    assert.deepEqual(rig.emulator.history.losses(), []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("does so with an E3 that this stack gave and no longer declares, and forgets it as its own", async () => {
    const stack = start(NAMES.length, { licenses: [] }, staff(["ENTERPRISEPACK"]));
    await stack.up();
    settle();
    stack.file = { ...stack.file, groups: [staff(["SPE_E5"])] };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([onGroup(), groupWrites().slice(1)], [["SPE_E5"], IN_TWO]);
    assert.deepEqual(rig.emulator.history.losses(), []);

    people().setGroupLicenses("Staff", [{ sku: "SPE_E5" }, E3]);
    settle();
    stack.file = {
      ...stack.file,
      groups: [{ ...staff(["SPE_E5"]), licenses: [{ sku: "SPE_E5", disabledPlans: ["SWAY"] }] }],
    };
    for (const name of NAMES) people().assignDirect(upn(name), "ENTERPRISEPACK");
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(onGroup(), ["ENTERPRISEPACK", "SPE_E5"], "what another administrator put there stays");
  });

  it("is refused beforehand without a seat for every member, with the number that is missing", async () => {
    const stack = start(NAMES.length - 2);
    await assert.rejects(
      stack.preview(),
      /too few seats for that\. SPE_E5: 2 seats are missing \(4 are left\)\. Nothing was changed/,
    );
    await assert.rejects(stack.up());
    assert.deepEqual([onGroup(), groupWrites()], [["ENTERPRISEPACK"], []]);
  });

  it("and at the write, when seats have gone since the plan", async () => {
    const stack = start();
    const outsider = () =>
      people().addUser({ userPrincipalName: upn("zoe"), usageLocation: "DE", licenses: [{ sku: "SPE_E5" }] });
    await assert.rejects(stack.up(outsider), /SPE_E5: 1 seat is missing \(5 are left\)/);
    assert.deepEqual([onGroup(), groupWrites()], [["ENTERPRISEPACK"], []]);
  });

  it("is refused while E3 has a plan that E5 lacks, unless the file says for that SKU that it may go", async () => {
    const stack = start(NAMES.length, { licenses: [{ sku: "ENTERPRISEPACK" }] });
    await assert.rejects(
      stack.preview(),
      /would take KAIZALA_O365_P3 from 6 users .*licensing:acceptLoss: \[\{group: staff, sku: ENTERPRISEPACK, plan: KAIZALA_O365_P3\}\]/,
    );
    stack.file = { ...stack.file, acceptLoss: [{ group: "staff", sku: "ENTERPRISEPACK", plans: [ONLY_IN_E3] }] };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(groupWrites(), IN_TWO, "what E5 gives is kept all the same");
    assert.deepEqual([...new Set(rig.emulator.history.losses().flatMap(({ planIds }) => planIds))], [plan(ONLY_IN_E3)]);
  });

  it("keeps E3 while one member has not got E5, by a fresh read, and goes on when that is mended", async () => {
    const stack = start();
    await assert.rejects(
      stack.up(() => people().setAssignmentError(upn("cleo"), "SPE_E5", "Staff", "UniquenessViolation")),
      /ENTERPRISEPACK stays on Staff: not every member has what takes its place.* from 1 user \(/,
    );
    assert.deepEqual(onGroup(), ["ENTERPRISEPACK", "SPE_E5"]);
    await assert.rejects(stack.preview(), /The change to the licences of Staff would take .* from 1 user/);

    people().setAssignmentError(upn("cleo"), "SPE_E5", "Staff", null);
    people().leaveGroup(upn("cleo"), "Staff");
    people().joinGroup(upn("cleo"), "Staff");
    settle();
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(onGroup(), ["SPE_E5"]);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("counts what a member has otherwise: no loss for it, though it never gets E5", async () => {
    const stack = start();
    people().assignDirect(upn("cleo"), "ENTERPRISEPACK");
    people().setAssignmentError(upn("cleo"), "SPE_E5", "Staff", "UniquenessViolation");
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(onGroup(), ["SPE_E5"]);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("proves the take-off anew after a throttled write: what went meanwhile is not taken on the old proof", async () => {
    const stack = start();
    rig.emulator.faults.add({
      match: { method: "POST", path: GROUP_WRITE },
      after: 1,
      times: 1,
      then: { status: 429, retryAfter: 120 },
    });
    atTheTakeOff(() => {
      people().setGroupLicenses("Staff", [{ sku: "SPE_E5", disabledPlans: ["TEAMS1"] }, E3]);
    });
    await assert.rejects(stack.up(), /stays on Staff: .*would take TEAMS1 from 6 users/);
    assert.deepEqual(onGroup(), ["ENTERPRISEPACK", "SPE_E5"]);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("repairs directly what a member lacks afterwards, and says so", async () => {
    const stack = start();
    atTheTakeOff(() => {
      people().setGroupLicenses("Staff", [{ sku: "SPE_E5", disabledPlans: ["TEAMS1"] }, E3]);
    });
    const { unfinished } = await stack.up();
    assert.match(unfinished.join("\n"), /6 members \(.*ENTERPRISEPACK was assigned directly/);
    assert.deepEqual(directOf("ENTERPRISEPACK"), NAMES.map(idOf).sort());
    assert.deepEqual(takeOff(stack)["restored"], { ENTERPRISEPACK: 6 });
    settle();
    for (const name of NAMES) {
      const direct = people()
        .user(upn(name))
        .holdings.assignments.find(({ assignedByGroup }) => assignedByGroup === null);
      assert.deepEqual(direct?.disabledPlans, [plan(ONLY_IN_E3)], "with the plans that it had");
    }
  });

  it("owes what it could not repair, and the next run pays first", async () => {
    const stack = start();
    atTheTakeOff(() => {
      people().setGroupLicenses("Staff", [{ sku: "SPE_E5", disabledPlans: ["TEAMS1"] }, E3]);
      people().setUsageLocation(upn("ada"), null);
    });
    const { unfinished } = await stack.up();
    assert.match(unfinished.join("\n"), /1 member \(.*COULD NOT be assigned directly.*It is owed/);
    people().setUsageLocation(upn("ada"), "DE");
    settle();
    assert.deepEqual(
      (await stack.plan()).plan.debts.owed.map(({ userId, license }) => [userId, license.skuId]),
      [[idOf("ada"), e3]],
    );
    await stack.up();
    assert.ok(directOf("ENTERPRISEPACK").includes(idOf("ada")));
  });

  it("leaves a member alone that people took out of the group meanwhile", async () => {
    const stack = start();
    atTheTakeOff(() => {
      people().leaveGroup(upn("ada"), "Staff");
      settle();
    });
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(directOf("ENTERPRISEPACK"), []);
  });

  it("goes on with the read-back where a run was cut short after the write, from the record", async () => {
    const stack = start();
    atTheTakeOff(() => {
      rig.host.stop = () => "a stop file";
    });
    assert.match((await stack.up()).unfinished.join("\n"), /not read back to the end: .*a stop file/);
    assert.deepEqual(onGroup(), ["SPE_E5"]);
    rig.host.stop = () => null;
    const { plan: planned, snapshot, document } = await stack.plan();
    const shown = planText(document, 400);
    assert.match(shown, /this run reads back the members of 1 group, where a take-off was interrupted/);
    assert.match(shown, /staff +ENTERPRISEPACK: reads every member back, because a run was interrupted/);
    assert.match(
      planned.groups.map((group) => formatGroup(group, snapshot.catalog)).join(),
      /read every member back: a run was interrupted after it began to take ENTERPRISEPACK off/,
    );
    people().setGroupLicenses("Staff", [{ sku: "SPE_E5", disabledPlans: ["TEAMS1"] }]);
    settle();
    assert.ok((await stack.preview()).includes("staff-take-off"), "the nightly check is red until it is read back");
    stack.file = { ...stack.file, acceptLoss: [{ group: "staff", sku: "SPE_E5", plans: ["TEAMS1"] }] };
    stack.file = { ...stack.file, groups: [{ ...toE5, licenses: [{ sku: "SPE_E5", disabledPlans: ["TEAMS1"] }] }] };
    const { unfinished } = await stack.up();
    assert.match(unfinished.join("\n"), /6 members \(.*ENTERPRISEPACK was assigned directly/);
    assert.deepEqual(directOf("ENTERPRISEPACK"), NAMES.map(idOf).sort());
    assert.deepEqual((await stack.up()).unfinished, [], "it halts once, so that an administrator looks");
    assert.ok(!(await stack.preview()).includes("staff-take-off"));
  });

  it("goes on where a run ended before the take-off, and back again by the file", async () => {
    const stack = start();
    await stack.up(undefined, ["staff-take-off", "baseline", "everyone-1"]);
    assert.deepEqual(onGroup(), ["ENTERPRISEPACK", "SPE_E5"]);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(onGroup(), ["SPE_E5"]);
    stack.file = { ...stack.file, groups: [staff(["ENTERPRISEPACK"], ["SPE_E5"])] };
    await assert.rejects(stack.preview(), /would take .*AAD_PREMIUM/);
    stack.file = { ...stack.file, groups: [staff(["ENTERPRISEPACK", "SPE_E5"])] };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(onGroup(), ["ENTERPRISEPACK", "SPE_E5"]);
    stack.file = { ...stack.file, groups: [toE5] };
    assert.deepEqual((await stack.up()).unfinished, [], "a second time, on a record of its own");
    assert.deepEqual(onGroup(), ["SPE_E5"]);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("waits for Entra, where the group is being processed again behind the gate", async () => {
    const stack = start(NAMES.length, {}, staff(["ENTERPRISEPACK"]));
    await stack.up();
    stack.file = { ...stack.file, groups: [toE5] };
    await assert.rejects(
      stack.up(undefined, ["inheritance"]),
      /Entra is processing Staff again, so nothing was taken off/,
    );
    assert.deepEqual(onGroup(), ["ENTERPRISEPACK", "SPE_E5"]);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([onGroup(), rig.emulator.history.losses()], [["SPE_E5"], []]);
  });

  it("takes nothing off without the record that the group's own row keeps", async () => {
    const stack = start();
    people().setGroupLicenses("Staff", [E3, { sku: "SPE_E5" }]);
    settle();
    await assert.rejects(stack.up(undefined, ["staff"]), /who has it is not on record/);
    assert.deepEqual([onGroup(), groupWrites()], [["ENTERPRISEPACK", "SPE_E5"], []]);
  });
});
