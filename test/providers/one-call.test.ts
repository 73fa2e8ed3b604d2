import assert from "node:assert/strict";
import type { FaultEffect } from "../../emulator";
import { STANDARDPACK } from "../../emulator/tenants/products";
import { formatChange } from "../../licensing/plan/group-words";
import { percent, wave } from "../licensing/builders";
import { E1, lackedAtAnyMoment, oneCall, tenantOfE1Group } from "./one-call-tenant";
import { openRig, type Rig } from "./rig";
import { SmallStack } from "./small-stack";
import { e3, idOf, NAMES, upn } from "./tenants";

const e1 = STANDARDPACK.skuId;
const GROUP_WRITE = /^\/groups\/[^/]+\/assignLicense/;

describe("a group that gives E1 and shall give E3, which exclude each other", function () {
  this.timeout(120_000);
  let rig: Rig;

  before(async () => {
    // Entra takes longer than the time in which a plan that is missing may settle.
    rig = await openRig({ processing: { queueMs: 90_000 } });
  });

  after(() => rig.close());

  const people = () => rig.emulator.tenant;
  const settle = () => rig.emulator.clock.advance(600_000);
  const onGroup = () =>
    people()
      .group("Staff")
      .licenses.map(({ skuId }) => skuId);
  const skusOf = (name: string) =>
    people()
      .user(upn(name))
      .holdings.assignments.map(({ skuId, assignedByGroup, state }) => [skuId, assignedByGroup === null, state]);
  /** Each write to the group since the start, as it left. */
  let writes: { add: string[]; remove: string[] }[] = [];
  let atWrite: () => void = () => undefined;
  const SWAP = { add: [e3], remove: [e1] };

  function start(more: Parameters<typeof tenantOfE1Group>[0] = {}, group = oneCall()): SmallStack {
    rig.start(tenantOfE1Group(more));
    writes = [];
    atWrite = () => undefined;
    rig.host.network = (body) => {
      if (!body.includes('"removeLicenses"') || body.includes('"requests"')) return null;
      atWrite();
      const sent = JSON.parse(body) as { addLicenses: { skuId: string }[]; removeLicenses: string[] };
      writes.push({ add: sent.addLicenses.map(({ skuId }) => skuId), remove: sent.removeLicenses });
      return null;
    };
    return new SmallStack(rig, { groups: [group], waves: [wave("everyone", percent(100))] });
  }

  const allHaveE3 = () => {
    for (const name of NAMES) {
      assert.deepEqual(skusOf(name), [[e3, false, "Active"]], name);
      assert.deepEqual(lackedAtAnyMoment(rig.emulator, name), [], name);
    }
  };
  const changedNothing = () => {
    assert.deepEqual([onGroup(), writes], [[e1], []]);
  };

  it("swaps in one call, reads every member back, and the gate verifies what came", async () => {
    const stack = start();
    const { plan, snapshot } = await stack.plan();
    const [group] = plan.groups;
    assert.ok(group !== undefined);
    assert.equal(group.refusal, null);
    assert.deepEqual(formatChange(group, snapshot.catalog), [
      "swap STANDARDPACK for ENTERPRISEPACK in one call: that cannot be proven for a member before; each is read back afterwards",
    ]);
    const found = plan.findings.find(({ code }) => code === "swap-in-one-call");
    assert.deepEqual([found?.severity, found?.count], ["warning", NAMES.length]);
    const { ran, unfinished } = await stack.up();
    assert.deepEqual(unfinished, []);
    assert.deepEqual(ran.slice(0, 3), ["staff", "staff-take-off", "inheritance"]);
    assert.deepEqual([onGroup(), writes], [[e3], [SWAP]]);
    allHaveE3();
    assert.deepEqual(stack.gate().verified["staff"]?.verified, NAMES.length);
    assert.deepEqual(await stack.preview(), []);
    const idle = (await stack.plan()).plan.findings.find(({ code }) => code === "swap-in-one-call-idle");
    assert.deepEqual([idle?.severity, idle?.remedy], ["note", "Take STANDARDPACK out of swapInOneCall."]);
  });

  it("gives E3 as its own from then on: a file without it takes it off, as far as no member needs it", async () => {
    const stack = start();
    await stack.up();
    assert.deepEqual(stack.outputs("staff")["given"], [e3]);
  });

  it("goes back by the same swap the other way round, with the losses accepted", async () => {
    const stack = start();
    await stack.up();
    settle();
    stack.file = { ...stack.file, groups: [oneCall("STANDARDPACK", "ENTERPRISEPACK")] };
    await assert.rejects(stack.preview(), /The change to the licences of Staff would take .* from 6 users/);
    assert.deepEqual(onGroup(), [e3]);
  });

  const refusals: readonly (readonly [string, Parameters<typeof tenantOfE1Group>[0], () => void, RegExp])[] = [
    [
      "while two seats are missing",
      { seats: NAMES.length - 2 },
      () => undefined,
      /too few seats\. ENTERPRISEPACK: 2 seats are missing \(4 are left\)/,
    ],
    [
      "while the plans do not exclude each other here",
      { exclusive: [] },
      () =>
        people().addUser({
          userPrincipalName: upn("zoe"),
          licenses: [{ sku: "STANDARDPACK" }, { sku: "ENTERPRISEPACK" }],
        }),
      /no plan of STANDARDPACK excludes .* two steps are the safe way.*put STANDARDPACK under licensing:groups\.staff\.removeLicenses/,
    ],
    [
      "while E3's subscription is in its grace period",
      {},
      () => people().setSubscription("ENTERPRISEPACK", "Warning"),
      /the subscription of ENTERPRISEPACK is Warning/,
    ],
    [
      "while a member holds E1 directly: the waves of E1 are not done",
      {},
      () => people().assignDirect(upn("ada"), "STANDARDPACK"),
      /1 member has STANDARDPACK directly, too .*give STANDARDPACK under licenses instead, without swapInOneCall, until the waves/,
    ],
    [
      "while a member has no usageLocation: nothing could be repaired",
      {},
      () => people().setUsageLocation(upn("ada"), null),
      /1 member has no usageLocation.*nothing could be assigned directly/,
    ],
    [
      "while another licence of a member excludes E3",
      { more: true },
      () => people().assignDirect(upn("ada"), "SHAREPOINTDESKLESS_SUITE"),
      /Entra would refuse the new licence\. ENTERPRISEPACK: .*SHAREPOINTDESKLESS.*for 1 member/,
    ],
    [
      "while Entra processes the group",
      {},
      () => people().setGroupLicenses("Staff", [{ ...E1, disabledPlans: ["YAMMER_ENTERPRISE"] }]),
      /Entra is still processing the group/,
    ],
  ];
  for (const [when, more, happens, refusal] of refusals) {
    it(`is refused beforehand ${when}`, async () => {
      const stack = start(more);
      happens();
      await assert.rejects(stack.preview(), refusal);
      await assert.rejects(stack.up(), refusal);
      assert.deepEqual([onGroup(), writes], [[e1], []]);
    });

    if (more?.exclusive !== undefined || more?.seats !== undefined) continue;
    it(`and by a fresh read right before the call, where that is so since the plan: ${when}`, async () => {
      const stack = start(more);
      await assert.rejects(stack.up(happens), refusal);
      assert.deepEqual([onGroup(), writes], [[e1], []]);
    });
  }

  it("says of plans that exclude each other that nobody is swapped meanwhile, where they refuse it", async () => {
    const stack = start({ more: true });
    people().assignDirect(upn("ada"), "SHAREPOINTDESKLESS_SUITE");
    const { plan } = await stack.plan();
    const found = plan.findings.find(({ code }) => code === "exclusive-plans");
    assert.match(
      found?.message ?? "",
      /swaps in one call, which is refused for all of its members while that is so\.$/,
    );
  });

  describe("for a member with calls, which need what only E1 gives in this file", () => {
    const CALLS = ["MCOSTANDARD", "TEAMS1"];
    const withoutCalls = (): SmallStack => {
      const stack = start(
        { phone: true },
        { ...oneCall(), licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: CALLS }] },
      );
      stack.file = { ...stack.file, acceptLoss: [{ group: "staff", sku: "STANDARDPACK", plans: CALLS }] };
      return stack;
    };
    const giveCalls = () => people().assignDirect(upn("ada"), "MCOEV");
    const refusal = new RegExp(
      `ENTERPRISEPACK: MCOEV needs MCOSTANDARD or TEAMS1, which goes off the group, for 1 member \\(${idOf("ada")}\\)\\. ` +
        "Give them what that plan needs by a licence that stays, or take the product with that plan from them, or take these users out",
    );

    it("is refused beforehand: Entra would keep E1 for that member, and leave E3 in error", async () => {
      const stack = withoutCalls();
      giveCalls();
      await assert.rejects(stack.preview(), refusal);
      const { findings } = (await stack.plan()).plan;
      assert.match(
        findings.find(({ code }) => code === "missing-prerequisite")?.message ?? "",
        /would end in error for 1 member: .* refused for all of its members while that is so/,
      );
      changedNothing();
    });

    it("and by a fresh read right before the call", async () => {
      await assert.rejects(withoutCalls().up(giveCalls), refusal);
      changedNothing();
    });

    it("goes on where another licence of the member gives that, too", async () => {
      const stack = withoutCalls();
      giveCalls();
      people().assignDirect(upn("ada"), "TEAMS_ONLY");
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual(writes, [SWAP]);
    });
  });

  it("is the way that the refusal of two steps names first, before losses that nobody should accept", async () => {
    const { swapInOneCall: _, ...group } = oneCall();
    const stack = start({}, { ...group, removeLicenses: ["STANDARDPACK"] });
    await assert.rejects(
      stack.preview(),
      /Ways out: write swapInOneCall: \[STANDARDPACK\] under licensing:groups\.staff, in place of removeLicenses, because plans of STANDARDPACK exclude the new licence.*; or leave the group's licence as it is;/,
    );
    stack.file = { ...stack.file, groups: [group] };
    const { plan } = await stack.plan();
    const risk = plan.findings.find(({ code }) => code === "all-or-nothing-loss");
    assert.match(risk?.remedy ?? "", /^Write swapInOneCall: \[STANDARDPACK\] under licensing:groups\.staff/);
  });

  it("names the other edition of a plan that would be lost, to judge and copy", async () => {
    const stack = start({ forms: true });
    await assert.rejects(
      stack.preview(),
      /would take FORMS_PLAN_E1 from 6 users .*Ways out: where the other edition is enough, say so in the stack file: licensing:successors: \[\{plan: FORMS_PLAN_E1, by: FORMS_PLAN_E3\}\]; or leave/,
    );
    stack.file = { ...stack.file, successors: [{ plan: "FORMS_PLAN_E1", by: "FORMS_PLAN_E3" }] };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([writes, await stack.preview()], [[SWAP], []]);
  });

  it("goes by an error that a member has now, where Microsoft's list does not know the pair", async () => {
    const stack = start(
      { exclusive: [["YAMMER_ENTERPRISE", "SWAY"]], seats: NAMES.length + 1 },
      {
        ...oneCall(),
        licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: ["SHAREPOINTENTERPRISE", "YAMMER_ENTERPRISE"] }],
      },
    );
    stack.file = {
      ...stack.file,
      acceptLoss: [{ group: "staff", sku: "STANDARDPACK", plans: ["SHAREPOINTSTANDARD", "YAMMER_ENTERPRISE"] }],
    };
    await assert.rejects(stack.preview(), /no plan of STANDARDPACK excludes/);
    const pair = [{ sku: "ENTERPRISEPACK", disabledPlans: ["SHAREPOINTENTERPRISE", "YAMMER_ENTERPRISE"] }];
    people().addGroup({ displayName: "Pair", members: [upn("ada")], licenses: pair });
    settle();
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(writes, [SWAP]);
  });

  it("says of a country without the licence what an error would mean here", async () => {
    const { plan } = await start().plan();
    const doubt = plan.findings.find(({ code }) => code === "location-unproven");
    assert.match(doubt?.remedy ?? "", /a member in error has neither licence until the read-back/);
  });

  it("is refused at the call where seats have gone since the plan", async () => {
    const stack = start();
    const outsider = () =>
      people().addUser({ userPrincipalName: upn("zoe"), usageLocation: "DE", licenses: [{ sku: "ENTERPRISEPACK" }] });
    await assert.rejects(stack.up(outsider), /ENTERPRISEPACK: 1 seat is missing \(5 are left\)/);
    changedNothing();
  });

  it("is refused while E1 has a plan that E3 does not give, unless the file accepts that", async () => {
    const stack = start({}, { ...oneCall(), licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: ["TEAMS1"] }] });
    await assert.rejects(stack.preview(), /would take TEAMS1 from 6 users/);
    changedNothing();
    stack.file = { ...stack.file, acceptLoss: [{ group: "staff", sku: "STANDARDPACK", plans: ["TEAMS1"] }] };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(writes, [SWAP]);
    for (const name of NAMES) assert.deepEqual(lackedAtAnyMoment(rig.emulator, name), [people().plan("TEAMS1")]);
  });

  it("does nothing, and says so, where the group gives its licences already: E1 stays", async () => {
    const stack = start({}, { ...oneCall("ENTERPRISEPACK", "MCOEV") });
    people().setGroupLicenses("Staff", [{ sku: "ENTERPRISEPACK" }, { sku: "MCOEV" }]);
    settle();
    const { plan } = await stack.plan();
    assert.deepEqual(
      plan.findings.filter(({ code }) => code.startsWith("swap")).map(({ code, severity }) => [code, severity]),
      [["swap-in-one-call-idle", "warning"]],
    );
    const idle = plan.findings.find(({ code }) => code === "swap-in-one-call-idle");
    assert.match(
      idle?.remedy ?? "",
      /removeLicenses first \(docs\/stack-file\.md, "A swap in one call on a group", under/,
    );
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(writes, []);
  });

  it("repairs at once, directly, a member that Entra refuses E3, and halts once", async () => {
    const stack = start();
    atWrite = () => people().setAssignmentError(upn("cleo"), "ENTERPRISEPACK", "Staff", "UniquenessViolation");
    const { ran, unfinished } = await stack.up();
    assert.match(unfinished.join("\n"), /1 member \(.*STANDARDPACK was assigned directly/);
    assert.deepEqual(ran, ["staff", "staff-take-off"], "gate and waves wait");
    assert.deepEqual(stack.outputs("staff-take-off")["restored"], { STANDARDPACK: 1 });
    assert.deepEqual(
      people()
        .directAssignments()
        .map(({ userId, skuId }) => [userId, skuId]),
      [[idOf("cleo"), e1]],
    );
    assert.deepEqual((await stack.up()).unfinished, [], "it halts once, so that an administrator looks");
    assert.deepEqual([writes, await stack.preview()], [[SWAP], []]);
  });

  it("reads the members once between its fresh read of the group and the call", async () => {
    const stack = start();
    const { id } = people().group("Staff");
    let since: readonly string[] = [];
    atWrite = () => {
      const paths = rig.emulator.requests
        .all({ method: "GET", path: new RegExp(`^/groups/${id}`) })
        .map(({ path }) => path);
      since = paths.slice(paths.findLastIndex((path) => !path.includes("/members")) + 1);
    };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(since.length, 1, since.join("\n"));
  });

  it("says Graph's words where it refuses the call, and that the group is unchanged", async () => {
    const stack = start();
    const then = { status: 400, message: "No swaps on Tuesdays." } as const;
    rig.emulator.faults.add({ match: { path: GROUP_WRITE }, then });
    await assert.rejects(stack.up(), /licences of Staff \(400\): No swaps on Tuesdays\. .* the group unchanged/);
    assert.deepEqual(onGroup(), [e1]);
  });

  it("owes what it could not repair", async () => {
    const stack = start();
    atWrite = () => {
      people().setAssignmentError(upn("cleo"), "ENTERPRISEPACK", "Staff", "UniquenessViolation");
      people().setUsageLocation(upn("cleo"), null);
    };
    assert.match((await stack.up()).unfinished.join("\n"), /COULD NOT be assigned directly.*It is owed/);
    people().setUsageLocation(upn("cleo"), "DE");
    settle();
    assert.deepEqual(
      (await stack.plan()).plan.debts.owed.map(({ userId, license }) => [userId, license.skuId]),
      [[idOf("cleo"), e1]],
    );
  });

  it("waits while Entra has not reached a member: nothing is assigned directly for that", async () => {
    const stack = start();
    let looks = 0;
    rig.host.onSleep = () => void (looks += 1);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.ok(looks > 0);
    assert.deepEqual(people().directAssignments(), []);
  });

  const answers: readonly (readonly [string, FaultEffect, number])[] = [
    ["the call is done and its answer is lost", "lost", 1],
    ["the connection breaks before the call", "reset", 2],
    ["a gateway times out behind the call", { status: 504, afterDoing: true }, 1],
    ["a gateway times out before the call", { status: 504 }, 2],
  ];
  for (const [what, then, calls] of answers) {
    it(`is done once where ${what}`, async () => {
      const stack = start();
      rig.emulator.faults.add({ match: { method: "POST", path: GROUP_WRITE }, times: 1, then });
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual(
        writes,
        Array.from({ length: calls }, () => SWAP),
      );
      assert.deepEqual(onGroup(), [e3]);
      allHaveE3();
      assert.deepEqual(await stack.preview(), []);
    });
  }

  it("is read back where no answer ever comes, though the group shows that it is done", async () => {
    const stack = start();
    rig.emulator.faults.add({ match: { method: "POST", path: GROUP_WRITE }, times: 1, then: "lost" });
    atWrite = () => {
      rig.host.stop = () => "a stop file";
    };
    assert.match(
      (await stack.up()).unfinished.join("\n"),
      /not read back to the end: it has not reached 6 members \([0-9a-f-]+, .* and 1 more\); a stop file/,
    );
    assert.deepEqual([onGroup(), writes], [[e3], [SWAP]]);
    rig.host.stop = () => null;
    assert.ok((await stack.preview()).includes("staff-take-off"));
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(writes, [SWAP]);
    allHaveE3();
  });

  it("waits for no member that left the group meanwhile, with all of its plans from elsewhere", async () => {
    const stack = start({ seats: NAMES.length + 1 });
    atWrite = () => {
      rig.host.stop = () => "a stop file";
    };
    assert.match((await stack.up()).unfinished.join("\n"), /not read back to the end/);
    rig.host.stop = () => null;
    settle();
    people().assignDirect(upn("ada"), "ENTERPRISEPACK");
    people().leaveGroup(upn("ada"), "Staff");
    settle();
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("goes on before the gate where a run was cut short after the call: a member without a plan is repaired", async () => {
    const stack = start();
    atWrite = () => {
      rig.host.stop = () => "a stop file";
      people().setAssignmentError(upn("cleo"), "ENTERPRISEPACK", "Staff", "UniquenessViolation");
    };
    assert.match((await stack.up()).unfinished.join("\n"), /not read back to the end/);
    rig.host.stop = () => null;
    const { ran, unfinished } = await stack.up();
    assert.deepEqual(ran, ["staff-take-off"]);
    assert.match(unfinished.join("\n"), /1 member \(.*STANDARDPACK was assigned directly/);
  });

  it("goes on where a run ended before the call, with members that joined since", async () => {
    const stack = start();
    await stack.up(undefined, ["staff-take-off", "inheritance", "baseline", "everyone-1"]);
    changedNothing();
    people().addUser({ userPrincipalName: upn("gil"), usageLocation: "DE" });
    people().setSeats("ENTERPRISEPACK", NAMES.length + 1);
    people().joinGroup(upn("gil"), "Staff");
    settle();
    atWrite = () => {
      rig.host.stop = () => "a stop file";
      people().setAssignmentError(upn("gil"), "ENTERPRISEPACK", "Staff", "UniquenessViolation");
    };
    await stack.up();
    rig.host.stop = () => null;
    assert.match((await stack.up()).unfinished.join("\n"), /1 member \(.*STANDARDPACK was assigned directly/);
    assert.deepEqual(
      people()
        .directAssignments()
        .map(({ userId }) => userId),
      [idOf("gil")],
    );
  });

  it("only adds E3 where another administrator has taken E1 off since the plan", async () => {
    const stack = start();
    await assert.rejects(
      stack.up(() => people().setGroupLicenses("Staff", [])),
      /who has it is not on record/,
    );
    assert.deepEqual(writes, [{ add: [e3], remove: [] }]);
  });

  it("calls nothing where E3 has come onto the group since the plan", async () => {
    const stack = start();
    await assert.rejects(
      stack.up(() => people().setGroupLicenses("Staff", [{ sku: "STANDARDPACK" }, { sku: "ENTERPRISEPACK" }])),
      /licences of Staff have changed since the plan was made, so nothing was swapped/,
    );
    assert.deepEqual(writes, []);
  });

  it("leaves a licence alone that came onto the group since the plan, though the file names it", async () => {
    const stack = start({}, { ...oneCall(), swapInOneCall: ["STANDARDPACK", "MCOEV"] });
    await assert.rejects(
      stack.up(() => people().setGroupLicenses("Staff", [E1, { sku: "MCOEV" }])),
      /licences of Staff have changed since the plan was made/,
    );
    assert.deepEqual(writes, []);
  });

  it("calls nothing without the record that the group's own row keeps", async () => {
    const stack = start();
    await assert.rejects(stack.up(undefined, ["staff"]), /who has it is not on record/);
    changedNothing();
  });
});
