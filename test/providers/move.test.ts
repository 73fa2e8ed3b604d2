import assert from "node:assert/strict";
import { VISIOCLIENT } from "../../emulator/tenants/products";
import { percent, wave } from "../licensing/builders";
import { ONLY_IN_E3 } from "./e3-group";
import { MOVE, MOVE_GROUPS, tenantOfMove } from "./move-tenant";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { idOf, NAMES, upn } from "./tenants";

describe("members of a group that gives E3 go to one that gives E5", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const people = () => rig.emulator.tenant;
  const settle = () => rig.emulator.clock.advance(600_000);
  const membersOf = (group: string) => [...people().group(group).userMembers].sort();
  const skusOf = (name: string) =>
    people()
      .user(upn(name))
      .holdings.assignments.map(({ skuId, assignedByGroup }) => [
        people().sku(skuId).skuPartNumber,
        assignedByGroup === null ? "direct" : people().group(assignedByGroup).displayName,
      ])
      .sort();
  const all = NAMES.map(idOf).sort();
  const lossless = () => assert.deepEqual(rig.emulator.history.losses(), []);

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

  const row = "everyone-e3-users-1";
  /** The old group is declared to give no Teams any more. */
  const LESS = MOVE_GROUPS.map((group) =>
    group.name === "e3-users"
      ? { ...group, licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3, "TEAMS1"] }] }
      : group,
  );

  it("adds them, verifies, takes them out of the old group, and reads back, in one up", async () => {
    const stack = start();
    const { unfinished } = await stack.up();
    assert.deepEqual(unfinished, []);
    assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [[], all]);
    for (const name of NAMES)
      assert.deepEqual(skusOf(name), [["SPE_E5", "E5 users"]], "read back until the entry is gone");
    lossless();
    assert.equal(stack.move(row).lastMoved, NAMES.length);
    assert.deepEqual(await stack.preview(), []);
  });

  /** Runs this right before the nth user is taken out of a group. */
  const atLeave = (after: number, happens: () => void, times = 1) =>
    rig.emulator.faults.add({ match: { method: "DELETE" }, after, times, then: happens });

  it("goes in waves: the canary first, the others when it has soaked", async () => {
    const canary = wave("canary", { kind: "users", users: [upn("ada"), upn("ben")] }, { soakMs: 3_600_000 });
    const stack = start({}, { waves: [canary, wave("everyone", percent(100))] });
    const { plan } = await stack.plan();
    assert.deepEqual(
      plan.waves.map(({ moves }) => moves.map(({ seats }) => seats.map(({ needed, free }) => [needed, free]))),
      [[[[2, 6]]], [[[4, 4]]]],
    );
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(membersOf("E5 users"), [idOf("ada"), idOf("ben")].sort());
    assert.deepEqual(await stack.preview(), [], "the second wave waits for the soak");
    rig.emulator.clock.advance(3_600_000);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [[], all]);
    lossless();
    assert.deepEqual(await stack.preview(), []);
  });

  it("is refused beforehand without a seat for each user of the wave, with the number that is missing", async () => {
    const stack = start({ seats: 4 });
    await assert.rejects(
      stack.preview(),
      /too few\. SPE_E5: 2 seats are missing \(4 are left\) for E3 users → E5 users/,
    );
    await assert.rejects(stack.up());
    assert.deepEqual(membersOf("E5 users"), []);
  });

  it("adds no more users than there are free seats when it runs, and the others stay as they are", async () => {
    const stack = start();
    const ended = await stack.up(() => people().setSeats("SPE_E5", 4));
    assert.deepEqual(ended.unfinished, []);
    assert.equal(membersOf("E5 users").length, 4);
    assert.equal(membersOf("E3 users").length, 2);
    assert.match(Object.keys(stack.move(row).stays).join(), /no seat of SPE_E5 is free/);
    assert.deepEqual(await stack.preview(), [], "nothing is left to do without a seat");
    people().setSeats("SPE_E5", NAMES.length);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [[], all]);
    lossless();
  });

  it("counts the seats that the new group's own members take in the same run", async () => {
    const stack = start();
    people().setGroupLicenses("E5 users", []);
    const { id } = people().addUser({ userPrincipalName: upn("zoe") });
    people().joinGroup(id, "E5 users");
    settle();
    await assert.rejects(stack.preview(), /SPE_E5: 1 seat is missing \(5 are left\)/);
  });

  it("keeps a user in the old group whose plan the new one does not give, unless the file accepts it", async () => {
    const gives = { licenses: [{ sku: "ENTERPRISEPACK" }] };
    const groups = MOVE_GROUPS.map((group) => ({
      ...group,
      licenses: group.licenses.map(({ sku }) => ({ sku, disabledPlans: [] })),
    }));
    const stack = start({ from: gives }, { groups });
    const { plan } = await stack.plan();
    assert.deepEqual(
      plan.waves[0]?.moves[0]?.slices[0]?.blocked.map(({ reason }) => reason.kind),
      NAMES.map(() => "plans-lost"),
    );
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [all, []]);
    stack.file = { ...stack.file, acceptLoss: [{ group: "e3-users", sku: "ENTERPRISEPACK", plans: [ONLY_IN_E3] }] };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [[], all]);
    const lost = new Set(rig.emulator.history.losses().flatMap(({ planIds }) => planIds));
    assert.deepEqual([...lost], [people().plan(ONLY_IN_E3)], "nothing else");
  });

  it("assigns the old licence directly at once where a plan is missing, and the waves settle that later", async () => {
    const stack = start();
    atLeave(0, () => people().setGroupLicenses("E5 users", [{ sku: "SPE_E5", disabledPlans: ["TEAMS1"] }]));
    const { unfinished } = await stack.up();
    assert.match(
      unfinished.join("\n"),
      /A plan was missing after leaving E3 users: .*ENTERPRISEPACK was assigned directly/,
    );
    assert.deepEqual(stack.move(row).repaired, { ENTERPRISEPACK: 6 });
    assert.equal(people().directAssignments("ENTERPRISEPACK").length, 6);
    people().setGroupLicenses("E5 users", [{ sku: "SPE_E5" }]);
    settle();
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(people().directAssignments(), [], "the direct licence has gone by the ordinary rule");
    assert.deepEqual(membersOf("E5 users"), all);
    assert.deepEqual(await stack.preview(), []);
    assert.equal(stack.baseline().users, 0, "and it is no user's own");
  });

  it("owes what it could not assign, and the next run pays first", async () => {
    const stack = start();
    atLeave(0, () => {
      people().setGroupLicenses("E5 users", [{ sku: "SPE_E5", disabledPlans: ["TEAMS1"] }]);
      people().setUsageLocation(upn("ada"), null);
    });
    const { unfinished } = await stack.up();
    assert.match(unfinished.join("\n"), /COULD NOT be assigned directly.*It is owed/);
    people().setUsageLocation(upn("ada"), "DE");
    people().setGroupLicenses("E5 users", [{ sku: "SPE_E5" }]);
    settle();
    const { plan } = await stack.plan();
    assert.deepEqual(
      plan.debts.owed.map(({ userId }) => userId),
      [idOf("ada")],
    );
    await stack.up();
    assert.ok(
      people()
        .directAssignments("ENTERPRISEPACK")
        .some(({ userId }) => userId === idOf("ada")),
    );
  });

  it("counts a user with a direct removal and a move once: both are done, or the wave is not", async () => {
    const first = wave("first", { kind: "users", users: ["ada", "ben", "cleo", "dan"].map(upn) });
    const direct = { users: () => ({ licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3] }] }) };
    const stack = start(direct, { waves: [first, wave("everyone", percent(100))] });
    const fail = (name: string) => people().setAssignmentError(upn(name), "SPE_E5", "E5 users", "UniquenessViolation");
    await assert.rejects(
      stack.up(() => ["ben", "cleo", "dan"].forEach(fail)),
      /first comes first and is not done: it moved 1 of 4 users that its plan thought movable/,
    );
    assert.deepEqual(membersOf("E5 users").length, 4, "no user of the second wave");
    const { plan } = await stack.plan();
    assert.deepEqual(
      plan.waves.map(({ doneAtMs, hold }) => [doneAtMs, hold?.kind]),
      [
        [null, undefined],
        [null, "unproven"],
      ],
    );
  });

  it("counts a user whose removal and move are both blocked once, in what is said of the wave", async () => {
    const first = wave("first", { kind: "users", users: ["ada", "ben"].map(upn) });
    const direct = { users: () => ({ licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3] }] }) };
    const stack = start(direct, { waves: [first, wave("everyone", percent(100))] });
    people().setUsageLocation(upn("ada"), null);
    settle();
    const { plan } = await stack.plan();
    const [now] = plan.waves;
    const blockedIn = (slices: readonly { readonly blocked: readonly { readonly userId: string }[] }[] = []) =>
      slices.flatMap(({ blocked }) => blocked.map(({ userId }) => userId));
    assert.deepEqual([blockedIn(now?.slices), blockedIn(now?.moves[0]?.slices)], [[idOf("ada")], [idOf("ada")]]);
    await assert.rejects(
      stack.up(() => people().removeUser(upn("ben"))),
      /first comes first and is not done: it moved no user, and 1 user is blocked/,
    );
  });

  it("leaves one user's failure with the user", async () => {
    const stack = start();
    const ended = await stack.up(() =>
      people().setAssignmentError(upn("cleo"), "SPE_E5", "E5 users", "UniquenessViolation"),
    );
    assert.deepEqual(ended.unfinished, []);
    assert.deepEqual(membersOf("E3 users"), [idOf("cleo")]);
    assert.match(Object.keys(stack.move(row).stays).join(), /E5 users cannot give SPE_E5 \(UniquenessViolation\)/);
    assert.deepEqual((await stack.up()).ran, ["inheritance"], "the gate lists the user");
    assert.deepEqual(await stack.preview(), [], "as foreseen from now on");
    people().setAssignmentError(upn("cleo"), "SPE_E5", "E5 users", null);
    settle();
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(membersOf("E3 users"), []);
    lossless();
  });

  it("reads and decides again after a lost answer, and sends no removal twice on one proof", async () => {
    const stack = start();
    rig.emulator.faults.add({ match: { method: "DELETE" }, times: 2, then: "lost" });
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [[], all]);
    assert.equal(stack.move(row).outcome.moved, 6);
    lossless();
  });

  it("leaves alone whom an administrator took out of the old group meanwhile", async () => {
    const stack = start();
    const ended = await stack.up(() => people().leaveGroup(upn("ada"), "E3 users"));
    assert.deepEqual(ended.unfinished, []);
    assert.equal(stack.move(row).outcome.moved, 5);
    assert.deepEqual(membersOf("E3 users"), []);
  });

  it("stops between two units, and the next up goes on", async () => {
    const names = Array.from({ length: 30 }, (_, at) => `user${at}`);
    const stack = start({ names });
    atLeave(0, () => (rig.host.stop = () => "a stop file"));
    const { unfinished } = await stack.up();
    assert.match(unfinished.join("\n"), /halted: a stop file\..*20 users of 30 moved/);
    assert.equal(membersOf("E3 users").length, 10);
    rig.host.stop = () => null;
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([membersOf("E3 users").length, membersOf("E5 users").length], [0, 30]);
    lossless();
    assert.deepEqual(await stack.preview(), []);
  });

  describe("killed", () => {
    /** The provider's process ends: nothing of this row comes into the state. */
    async function killedAt(
      stack: SmallStack,
      method: string,
      after: number,
      path = /members|\/groups\/[^/]+$/,
    ): Promise<void> {
      const fault = rig.emulator.faults.add({
        match: { method, path },
        after,
        then: () => {
          const end = () => Promise.reject(new Error("killed"));
          Object.assign(rig.host, { sleep: end, status: end, say: end });
        },
      });
      await assert.rejects(stack.up(), /killed/);
      fault.remove();
      for (const method of ["sleep", "status", "say"]) Reflect.deleteProperty(rig.host, method);
    }

    it("between adding and removing, and goes on", async () => {
      const stack = start();
      await killedAt(stack, "PATCH", 0);
      assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [all, all]);
      settle();
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [[], all]);
      lossless();
      assert.deepEqual(await stack.preview(), []);
      stack.file = { ...stack.file, waves: [wave("everyone", percent(100), { rollback: true })] };
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [all, []], "it knows whom it had added");
    });

    it("after adding, on hold or once more, and is put back: it knows whom it had added", async () => {
      for (const isOnHold of [true, false]) {
        const stack = start();
        await killedAt(stack, "PATCH", 0);
        settle();
        if (isOnHold) {
          stack.file = { ...stack.file, applyThrough: null };
          assert.deepEqual((await stack.up()).unfinished, []);
          assert.deepEqual(await stack.preview(), []);
          stack.file = { ...stack.file, applyThrough: "everyone" };
        } else {
          await killedAt(stack, "DELETE", 0);
          settle();
        }
        assert.deepEqual((await stack.up()).unfinished, []);
        assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [[], all]);
        lossless();
        stack.file = { ...stack.file, waves: [wave("everyone", percent(100), { rollback: true })] };
        assert.deepEqual((await stack.up()).unfinished, []);
        assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [all, []]);
      }
    });

    it("after users left the old group: they are read back, repaired and on record", async () => {
      const stack = start();
      await killedAt(stack, "DELETE", 0);
      assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [[], all]);
      people().setAssignmentState(upn("ada"), "SPE_E5", "E5 users", { state: "Active", disabledPlans: ["TEAMS1"] });
      settle();
      assert.ok((await stack.preview()).includes(row), "the nightly check is red until they are read back");
      const { unfinished } = await stack.up();
      assert.match(unfinished.join("\n"), /1 member \(.*ENTERPRISEPACK was assigned directly/);
      assert.equal(stack.move(row).outcome.moved, 6);
      stack.file = { ...stack.file, waves: [wave("everyone", percent(100), { rollback: true })] };
      await stack.up();
      assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [all, []]);
    });

    const withoutTeams = { state: "Active", disabledPlans: ["TEAMS1"] } as const;
    const holdsE3 = (name: string) =>
      people()
        .directAssignments("ENTERPRISEPACK")
        .some(({ userId }) => userId === idOf(name));

    it("after users left the old group: they are read back also while the wave is on hold, and nothing else is done", async () => {
      const names = Array.from({ length: 30 }, (_, at) => `user${at}`);
      const stack = start({ names }, { applyThrough: null });
      await stack.up();
      stack.file = { ...stack.file, applyThrough: "everyone" };
      await killedAt(stack, "DELETE", 19);
      const before = membersOf("E3 users");
      assert.equal(before.length, 10);
      const left = names.find((name) => !before.includes(idOf(name))) ?? "";
      people().setAssignmentState(upn(left), "SPE_E5", "E5 users", withoutTeams);
      settle();
      stack.file = { ...stack.file, applyThrough: null };
      assert.ok((await stack.preview()).includes(row), "the nightly check is red until they are read back");
      const { unfinished } = await stack.up();
      assert.match(unfinished.join("\n"), /1 member \(.*ENTERPRISEPACK was assigned directly/);
      assert.ok(holdsE3(left));
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual(membersOf("E3 users"), before, "the wave waits");
      const { status, doneAt, outcome } = stack.move(row);
      assert.deepEqual([status, doneAt, outcome.moved], ["waiting", null, 20]);
      assert.deepEqual(await stack.preview(), []);
      people().setGroupLicenses("E5 users", [{ sku: "SPE_E5" }]);
      settle();
      stack.file = { ...stack.file, applyThrough: "everyone" };
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual([stack.move(row).outcome.moved, membersOf("E3 users")], [30, []]);
    });

    it("in a later wave, and killed again in an earlier one: what the first kill left is not forgotten", async () => {
      const canary = wave("canary", { kind: "users", users: [upn("ada"), upn("ben")] });
      const waves = [canary, wave("everyone", percent(100))];
      const stack = start({ users: () => ({}) }, { waves });
      people().leaveGroup(upn("ben"), "E3 users");
      settle();
      // The canary is ada.
      await killedAt(stack, "DELETE", 1);
      const left = NAMES.filter((name) => name !== "ben" && !membersOf("E3 users").includes(idOf(name)));
      assert.ok(left.length >= 2, "users of the second wave have left");
      people().joinGroup(upn("ben"), "E3 users");
      settle();
      stack.file = { ...stack.file, applyThrough: "canary" };
      await killedAt(stack, "PATCH", 0);
      settle();
      for (const name of left) people().setAssignmentState(upn(name), "SPE_E5", "E5 users", withoutTeams);
      stack.file = { ...stack.file, applyThrough: "everyone" };
      for (let run = 0; run < 3; run += 1) await stack.up();
      assert.deepEqual(
        left.filter((name) => name !== "ada" && !holdsE3(name)),
        [],
        "each is read back",
      );
    });

    it("after a repair, before its record: the direct licence is no user's own, and goes by the ordinary rule", async () => {
      const stack = start();
      atLeave(0, () => people().setGroupLicenses("E5 users", [{ sku: "SPE_E5", disabledPlans: ["TEAMS1"] }]));
      await killedAt(stack, "POST", NAMES.length - 1, /assignLicense/);
      assert.equal(people().directAssignments("ENTERPRISEPACK").length, NAMES.length);
      people().setGroupLicenses("E5 users", [{ sku: "SPE_E5" }]);
      settle();
      for (let run = 0; run < 3; run += 1) assert.deepEqual((await stack.up()).unfinished, []);
      assert.equal(stack.baseline().users, 0, "it is no user's own");
      assert.deepEqual(people().directAssignments(), [], "it has gone by the ordinary rule");
      assert.deepEqual(await stack.preview(), []);
      lossless();
    });

    it("on the way back, after a repair, before its record: the direct licence is no user's own, whichever run comes next", async () => {
      for (const next of ["back", "killed again", "forward"]) {
        const stack = start();
        assert.deepEqual((await stack.up()).unfinished, []);
        stack.file = { ...stack.file, waves: [wave("everyone", percent(100), { rollback: true })] };
        atLeave(0, () =>
          people().setGroupLicenses("E3 users", [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3, "TEAMS1"] }]),
        );
        await killedAt(stack, "POST", NAMES.length - 1, /\/users\/.+assignLicense/);
        assert.equal(people().directAssignments("SPE_E5").length, NAMES.length);
        people().setGroupLicenses("E3 users", [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3] }]);
        settle();
        if (next === "killed again") {
          await killedAt(stack, "GET", 0, /^\/users\/[^?]/);
          settle();
        }
        for (let run = 0; run < 2 && next !== "forward"; run += 1) {
          assert.deepEqual((await stack.up()).unfinished, []);
          assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [all, []]);
          assert.equal(stack.baseline().users, 0, "it is no user's own");
        }
        assert.equal((await stack.preview()).length === 0, next !== "forward");
        stack.file = { ...stack.file, waves: [wave("everyone", percent(100))] };
        for (let run = 0; run < 3; run += 1) assert.deepEqual((await stack.up()).unfinished, []);
        assert.deepEqual(people().directAssignments(), [], "it has gone by the ordinary rule");
        assert.equal(stack.baseline().users, 0);
      }
    });

    it("on the way back, a direct licence that came since the last run is the user's own: no rollback has moved the user, or it gives more", async () => {
      for (const isBackByHand of [false, true]) {
        const stack = start();
        assert.deepEqual((await stack.up()).unfinished, []);
        people().assignDirect(upn("ada"), "SPE_E5");
        if (isBackByHand) {
          people().joinGroup(upn("ada"), "E3 users");
          people().leaveGroup(upn("ada"), "E5 users");
        }
        settle();
        stack.file = { ...stack.file, waves: [wave("everyone", percent(100), { rollback: true })] };
        assert.deepEqual((await stack.up()).unfinished, []);
        assert.equal(stack.baseline().users, 1);
      }
    });

    it("after users left the old group that gives less by now: they are read back against what it gave before", async () => {
      const stack = start();
      await killedAt(stack, "DELETE", 0);
      people().setAssignmentState(upn("ada"), "SPE_E5", "E5 users", withoutTeams);
      people().setGroupLicenses("E3 users", [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3, "TEAMS1"] }]);
      stack.file = { ...stack.file, groups: LESS };
      settle();
      const { unfinished } = await stack.up();
      assert.match(unfinished.join("\n"), /1 member \(.*ENTERPRISEPACK was assigned directly/);
      assert.ok(holdsE3("ada"));
    });
  });

  describe("whom Graph refuses to take out of the old group", () => {
    it("stays in both, is not tried again while the licences are the same, and the nightly check is green", async () => {
      for (const status of [400, 403] as const) {
        const stack = start();
        const ofCleo = { method: "DELETE", path: new RegExp(idOf("cleo")) };
        const fault = rig.emulator.faults.add({ match: ofCleo, then: { status } });
        assert.deepEqual((await stack.up()).unfinished, []);
        assert.deepEqual(membersOf("E3 users"), [idOf("cleo")]);
        assert.match(Object.keys(stack.move(row).stays).join(), /Graph refused/);
        assert.equal(fault.hits, 1);
        settle();
        assert.deepEqual(await stack.preview(), [], `after ${status}`);
        await stack.up();
        assert.equal(fault.hits, 1, "no write that was refused is repeated");
        fault.remove();
        people().assignDirect(upn("cleo"), "ENTERPRISEPACK");
        settle();
        assert.ok((await stack.preview()).includes(row), "until the licences change");
        await stack.up();
        assert.deepEqual(membersOf("E3 users"), []);
        lossless();
      }
    });
  });

  describe("whom Graph refuses to add to the new group", () => {
    it("stays in the old one, is not tried again while the licences are the same, and the nightly check is green", async () => {
      for (const status of [400, 403] as const) {
        const stack = start();
        const ofCleo = { path: /^\/groups\//, body: new RegExp(idOf("cleo")) };
        const fault = rig.emulator.faults.add({ match: ofCleo, then: { status } });
        assert.deepEqual((await stack.up()).unfinished, []);
        assert.deepEqual(membersOf("E3 users"), [idOf("cleo")]);
        settle();
        assert.deepEqual(await stack.preview(), [], `after ${status}`);
        const hits = fault.hits;
        await stack.up();
        assert.equal(fault.hits, hits, "no write that was refused is repeated");
        fault.remove();
        people().assignDirect(upn("cleo"), "ENTERPRISEPACK");
        settle();
        await stack.up();
        assert.deepEqual(membersOf("E3 users"), []);
        lossless();
      }
    });
  });

  describe("rolled back", () => {
    const back = { waves: [wave("everyone", percent(100), { rollback: true })] };

    it("are added to the old group, verified, and taken out of the new one if this stack had added them", async () => {
      const stack = start({ to: { members: [upn("ben")] } });
      await stack.up();
      assert.deepEqual(membersOf("E5 users"), all);
      stack.file = { ...stack.file, ...back };
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [all, [idOf("ben")]]);
      for (const name of NAMES.filter((each) => each !== "ben"))
        assert.deepEqual(skusOf(name), [["ENTERPRISEPACK", "E3 users"]]);
      const lost = new Set(rig.emulator.history.losses().flatMap(({ planIds }) => planIds));
      const ofE3 = new Set(
        people()
          .sku("ENTERPRISEPACK")
          .servicePlans.map(({ servicePlanId }) => servicePlanId),
      );
      assert.deepEqual(
        [...lost].filter((planId) => ofE3.has(planId)),
        [],
        "only what came with E5 has gone",
      );
      assert.deepEqual(await stack.preview(), []);
      stack.file = { ...stack.file, waves: [wave("everyone", percent(100))] };
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual(membersOf("E5 users"), all, "and the wave can run again");
    });

    it("stay in the new group while no seat of the old licence is free", async () => {
      const stack = start();
      await stack.up();
      people().setSeats("ENTERPRISEPACK", 2);
      stack.file = { ...stack.file, ...back };
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.equal(membersOf("E3 users").length, 2);
      assert.equal(membersOf("E5 users").length, 4);
      assert.match(Object.keys(stack.move(row).stays).join(), /no seat of ENTERPRISEPACK is free/);
      assert.deepEqual(await stack.preview(), [], "nothing is left to do without a seat");
      people().setSeats("ENTERPRISEPACK", NAMES.length);
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [all, []]);
    });

    it("stay in the new group where the old one gives less than it did: the preview says so, and acceptLoss lets them go", async () => {
      const stack = start();
      await stack.up();
      people().setGroupLicenses("E3 users", [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3, "TEAMS1"] }]);
      stack.file = { ...stack.file, ...back, groups: LESS };
      settle();
      const { plan } = await stack.plan();
      assert.deepEqual(
        plan.waves[0]?.moves[0]?.slices[0]?.blocked.map(({ reason }) => reason),
        NAMES.map(() => ({ kind: "plans-lost", planIds: [people().plan("TEAMS1")] })),
      );
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [[], all]);
      assert.deepEqual(await stack.preview(), []);
      lossless();
      stack.file = { ...stack.file, acceptLoss: [{ group: "e5-users", sku: "SPE_E5", plans: ["TEAMS1"] }] };
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual([membersOf("E3 users"), membersOf("E5 users")], [all, []]);
    });

    it("stay in the new group where a third group gave them what the old one no longer does, and gives it no more", async () => {
      const [e3, e5] = tenantOfMove().groups ?? [];
      const third = { displayName: "Teams", members: [upn("ada")], licenses: [{ sku: "VISIOCLIENT" }] };
      const teams = { name: "teams", existing: "Teams", licenses: [{ sku: "VISIOCLIENT", disabledPlans: [] }] };
      const { skus = [] } = tenantOfMove();
      const ofTeams = skus
        .flatMap(({ servicePlans }) => servicePlans)
        .filter((plan) => plan.servicePlanName === "TEAMS1");
      const visio = { ...VISIOCLIENT, seats: 10, servicePlans: [...VISIOCLIENT.servicePlans, ...ofTeams.slice(0, 1)] };
      const groups = [e3, e5, third].filter((each) => each !== undefined);
      const stack = start({ more: { groups, skus: [...skus, visio] } }, { groups: [...MOVE_GROUPS, teams] });
      await stack.up();
      people().setGroupLicenses("E3 users", [{ sku: "ENTERPRISEPACK", disabledPlans: [ONLY_IN_E3, "TEAMS1"] }]);
      stack.file = { ...stack.file, ...back, groups: [...LESS, teams] };
      settle();
      const { unfinished } = await stack.up(() => people().leaveGroup(upn("ada"), "Teams"));
      assert.deepEqual(unfinished, []);
      assert.deepEqual(membersOf("E5 users"), all);
      assert.match(Object.keys(stack.move(row).stays).join(), /TEAMS1 would be lost/);
    });

    it("keep what a wave took from them directly, until it is given back", async () => {
      const stack = start({ users: () => ({ licenses: [{ sku: "ENTERPRISEPACK" }] }) });
      const { unfinished } = await stack.up();
      assert.deepEqual(unfinished, []);
      stack.file = { ...stack.file, ...back };
      assert.deepEqual((await stack.up()).unfinished, []);
    });
  });
});
