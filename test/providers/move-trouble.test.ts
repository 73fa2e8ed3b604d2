import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { ONLY_IN_E3 } from "./e3-group";
import { MOVE, MOVE_GROUPS, tenantOfMove } from "./move-tenant";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { idOf, NAMES, upn } from "./tenants";

describe("trouble while members go from group to group", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const people = () => rig.emulator.tenant;
  const membersOf = (group: string) => [...people().group(group).userMembers].sort();
  const all = NAMES.map(idOf).sort();
  const row = "everyone-e3-users-1";
  const back = { waves: [wave("everyone", percent(100), { rollback: true })] };
  const holdersOfE3 = () => people().directAssignments("ENTERPRISEPACK");
  const holdsE3 = (name: string) => holdersOfE3().some(({ userId }) => userId === idOf(name));
  /** Plans of the old group that the user was without at any moment. */
  function lostOfE3(name: string): readonly string[] {
    const plans = people()
      .sku("ENTERPRISEPACK")
      .servicePlans.map(({ servicePlanId }) => servicePlanId);
    const losses = rig.emulator.history.losses().filter(({ userId }) => userId === idOf(name));
    return losses.flatMap(({ planIds }) => planIds).filter((planId) => plans.includes(planId));
  }

  const withoutTeams = { state: "Active", disabledPlans: ["TEAMS1", ONLY_IN_E3] } as const;

  function start(of: Parameters<typeof tenantOfMove>[0] = {}, file: Partial<SmallStackFile> = {}): SmallStack {
    rig.start(tenantOfMove(of));
    return new SmallStack(rig, {
      groups: MOVE_GROUPS,
      waves: [wave("everyone", percent(100))],
      applyThrough: "everyone",
      moves: [MOVE],
      ...file,
    });
  }

  it("a removal that was done behind a 503 with hours to wait is read back, and the user gets the missing plan", async () => {
    const stack = start();
    rig.emulator.faults.add({
      match: { method: "DELETE" },
      times: 1,
      then: () => people().setGroupLicenses("E5 users", [{ sku: "SPE_E5", disabledPlans: ["TEAMS1"] }]),
    });
    rig.emulator.faults.add({
      match: { method: "DELETE" },
      then: { status: 503, retryAfter: 7_200, afterDoing: true },
    });
    const { unfinished } = await stack.up();
    assert.match(unfinished.join("\n"), /halted: .*503/);
    assert.deepEqual(membersOf("E3 users"), []);
    assert.equal(holdersOfE3().length, NAMES.length, "read back and repaired in the same run");
    assert.equal(stack.move(row).outcome.moved, NAMES.length);
  });

  it("a user that another program takes out of the new group in that second has the old licence before it goes", async () => {
    const stack = start();
    rig.emulator.faults.add({
      match: { method: "DELETE" },
      times: 1,
      then: () => people().leaveGroup(upn("ada"), "E5 users"),
    });
    const { unfinished } = await stack.up();
    assert.match(unfinished.join("\n"), /1 member \(.*ENTERPRISEPACK was assigned directly/);
    assert.ok(holdsE3("ada"));
    assert.deepEqual(lostOfE3("ada"), [], "at no moment without a plan of the old group");
  });

  /** Another program takes ada out of the new group right before she leaves the old one. */
  const adaLeavesBoth = (then: () => void) =>
    rig.emulator.faults.add({
      match: { method: "DELETE", path: new RegExp(idOf("ada")) },
      times: 1,
      then: () => {
        people().leaveGroup(upn("ada"), "E5 users");
        then();
      },
    });

  it("a user that was taken out of the new group in that second, and could not be read then, is read back by the next run", async () => {
    const stack = start();
    let outage: { remove: () => void } | null = null;
    adaLeavesBoth(() => {
      const match = { method: "GET", path: new RegExp(`^/users/${idOf("ada")}`) };
      outage = rig.emulator.faults.add({ match, then: { status: 503 } });
    });
    assert.match((await stack.up()).unfinished.join("\n"), /not read back to the end/);
    (outage as { remove: () => void } | null)?.remove();
    rig.emulator.clock.advance(3_600_000);
    assert.match((await stack.up()).unfinished.join("\n"), /1 member \(.*ENTERPRISEPACK was assigned directly/);
    assert.ok(holdsE3("ada"));
  });

  it("a user that was taken out of the new group in the second in which the run was killed has the old licence by the next run", async () => {
    const stack = start();
    adaLeavesBoth(() => {
      const end = () => Promise.reject(new Error("killed"));
      Object.assign(rig.host, { sleep: end, status: end, say: end });
    });
    await assert.rejects(stack.up(), /killed/);
    for (const method of ["sleep", "status", "say"]) Reflect.deleteProperty(rig.host, method);
    rig.emulator.clock.advance(3_600_000);
    assert.match((await stack.up()).unfinished.join("\n"), /1 member \(.*ENTERPRISEPACK was assigned directly/);
    assert.ok(holdsE3("ada"));
  });

  it("a user that a person took out of both groups after a kill gets the old licence once: taken off by hand, it stays off", async () => {
    const stack = start();
    rig.emulator.faults.add({
      match: { method: "PATCH" },
      times: 1,
      then: () => {
        const end = () => Promise.reject(new Error("killed"));
        Object.assign(rig.host, { sleep: end, status: end, say: end });
      },
    });
    await assert.rejects(stack.up(), /killed/);
    for (const method of ["sleep", "status", "say"]) Reflect.deleteProperty(rig.host, method);
    for (const group of ["E3 users", "E5 users"]) people().leaveGroup(upn("ben"), group);
    rig.emulator.clock.advance(3_600_000);
    const { unfinished } = await stack.up();
    assert.match(
      unfinished.join("\n"),
      new RegExp(`1 member \\(${idOf("ben")}\\): ENTERPRISEPACK was assigned directly`),
    );
    people().removeDirect(upn("ben"), "ENTERPRISEPACK");
    rig.emulator.clock.advance(3_600_000);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.ok(!holdsE3("ben"));
    assert.deepEqual(await stack.preview(), []);
  });

  it("a plan that is missing after one unit is repaired before the next users leave, and none leaves", async () => {
    const names = Array.from({ length: 30 }, (_, at) => `user${at}`);
    const stack = start({ names });
    const [first] = names.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)).map(upn);
    rig.emulator.faults.add({
      match: { method: "DELETE" },
      times: 1,
      then: () => people().leaveGroup(first ?? "", "E5 users"),
    });
    const { unfinished } = await stack.up();
    assert.match(unfinished.join("\n"), /A plan was missing after leaving E3 users/);
    assert.equal(membersOf("E3 users").length, 10);
  });

  it("an outage while the users are read back ends the run with an account, and the next one reads them back", async () => {
    const stack = start();
    let outage: { remove: () => void } | null = null;
    rig.emulator.faults.add({
      match: { method: "DELETE" },
      after: NAMES.length - 1,
      times: 1,
      then: () => {
        outage = rig.emulator.faults.add({ match: { path: /subscribedSkus/ }, then: { status: 403 } });
      },
    });
    const { unfinished } = await stack.up();
    assert.match(unfinished.join("\n"), /halted/);
    assert.equal(stack.move(row).outcome.moved, NAMES.length);
    (outage as { remove: () => void } | null)?.remove();
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [[], all]);
    assert.deepEqual(rig.emulator.history.losses(), []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("a proof that has grown old before the write is made anew", async () => {
    const stack = start();
    const [first = ""] = all;
    const firstUser = NAMES.find((name) => idOf(name) === first) ?? "";
    rig.emulator.faults.add({
      match: { method: "GET", path: /^\/users\/[^/]+\/memberOf/ },
      after: NAMES.length - 1,
      times: 1,
      then: () => {
        people().leaveGroup(upn(firstUser), "E5 users");
        rig.emulator.clock.advance(25_000);
      },
    });
    await stack.up();
    assert.deepEqual(membersOf("E3 users"), [first]);
    assert.deepEqual(lostOfE3(firstUser), []);
  });

  for (const [status, users] of [
    [400, 30],
    [403, NAMES.length],
  ] as const) {
    it(`a ${status} to all users is no refusal of each: when it is over, they go`, async () => {
      const stack = start({ names: Array.from({ length: users }, (_, at) => `user${at}`) });
      const fault = rig.emulator.faults.add({ match: { method: "DELETE" }, then: { status } });
      await stack.up();
      assert.equal(membersOf("E3 users").length, users);
      fault.remove();
      await stack.up();
      assert.deepEqual(membersOf("E3 users"), []);
    });
  }

  for (const status of [400, 403] as const) {
    it(`a ${status} to one user of a write keeps that user alone out of the new group`, async () => {
      const names = Array.from({ length: 30 }, (_, at) => `user${at}`);
      const stack = start({ names });
      rig.emulator.faults.add({
        match: { path: /^\/groups/, body: new RegExp(idOf("user7")) },
        then: { status, message: "This user is not for groups." },
      });
      await stack.up();
      assert.deepEqual([membersOf("E3 users"), membersOf("E5 users").length], [[idOf("user7")], 29]);
      const { outcome } = stack.move(row);
      assert.deepEqual([outcome.moved, outcome.blocked], [29, 1]);
    });
  }

  for (const [status, users, words] of [
    [400, 30, /20 users in a row failed in the same way/],
    [403, NAMES.length, /GroupMember\.ReadWrite\.All/],
  ] as const) {
    it(`a ${status} to all that join is no refusal of each: when it is over, they go`, async () => {
      const stack = start({ names: Array.from({ length: users }, (_, at) => `user${at}`) });
      const fault = rig.emulator.faults.add({
        match: { path: /^\/groups/, body: /directoryObjects/ },
        then: { status },
      });
      assert.match((await stack.up()).unfinished.join("\n"), words);
      assert.equal(stack.move(row).outcome.blocked, 0);
      assert.ok(fault.hits <= 22, `${fault.hits} writes: no more than a batch one by one`);
      fault.remove();
      await stack.up();
      assert.deepEqual(membersOf("E3 users"), []);
    });
  }

  it("no move begins that the state does not know of, and the others are told how to go on", async () => {
    const canary = wave("canary", { kind: "users", users: [upn("ada")] });
    const stack = start({}, { waves: [canary, wave("everyone", percent(100))], applyThrough: "canary" });
    await stack.up();
    stack.file = { ...stack.file, applyThrough: "everyone" };
    await assert.rejects(
      stack.up(() => undefined, ["baseline"]),
      /not begun: the state does not know which users it moves.*--target or --exclude.*Run pulumi up without these flags/,
    );
    assert.deepEqual(membersOf("E5 users"), [idOf("ada")]);
  });

  describe("in a rollback", () => {
    it("a user keeps the new group while the old one gives less than it is declared to give", async () => {
      const stack = start();
      await stack.up();
      stack.file = { ...stack.file, ...back };
      rig.emulator.faults.add({
        match: { method: "DELETE", path: new RegExp(idOf("ben")) },
        times: 1,
        then: () => people().setAssignmentState(upn("ben"), "ENTERPRISEPACK", "E3 users", withoutTeams),
      });
      const { unfinished } = await stack.up();
      assert.match(unfinished.join("\n"), /A plan was missing after leaving E5 users: .*SPE_E5 was assigned directly/);
      assert.ok(
        people()
          .directAssignments("SPE_E5")
          .some(({ userId }) => userId === idOf("ben")),
      );
    });
  });
});
