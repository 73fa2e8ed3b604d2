import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { e3, ems, GROUPS, idOf, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
/** More than a unit holds. */
const MANY = Array.from({ length: 75 }, (_, n) => `person${n}`);
const INTO_THE_SECOND_UNIT = MANY.map(idOf).sort().slice(60);
const USER_WRITE = /^\/users\/[^/]+\/assignLicense/;

describe("DirectLicenseRemoval, while other people change the tenant", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const people = () => rig.emulator.tenant;
  const lostByUs = () => rig.emulator.history.losses({ except: "people" });
  const narrow = () => people().setGroupLicenses("All users", [{ sku: "EMS", disabledPlans: ["INTUNE_A"] }]);
  const directOf = (name: string) =>
    people()
      .directAssignments()
      .filter(({ userId }) => userId === idOf(name));

  /** Happens once, at the very moment of the first write for anybody (or for one user). */
  function atTheWrite(happens: () => void, name?: string): void {
    rig.emulator.faults.add({
      match: { path: USER_WRITE, ...(name === undefined ? {} : { userId: idOf(name) }) },
      times: 1,
      then: happens,
    });
  }

  /** Between two units: asked for the first time the wave is about to begin, for the second it has done one unit. */
  function beforeUnit(number: number, happens: () => void): void {
    let asked = 0;
    rig.host.stop = () => {
      asked += 1;
      if (asked === number) happens();
      return null;
    };
  }

  /** When the second unit is read, while the first one writes; before any group is read for it. */
  function whileTheSecondUnitIsRead(happens: () => void): void {
    const [userId = ""] = INTO_THE_SECOND_UNIT;
    rig.emulator.faults.add({ match: { method: "GET", userId }, times: 1, then: happens });
  }

  it("restores the direct licence of a user leaving the group between read and write, before Entra processes it", async () => {
    rig.start(tenant());
    atTheWrite(() => people().leaveGroup(upn("cleo"), "All users"), "cleo");
    const stack = new SmallStack(rig, EVERYONE);
    const [reason = ""] = (await stack.up()).unfinished;
    assert.match(
      reason,
      new RegExp(
        `user ${idOf("cleo")}: no longer a member of All users after the removal; the direct licence was put back\\. ` +
          "See in the group's audit log what changed",
      ),
    );
    assert.deepEqual(rig.host.sleeps, [], "at once");
    rig.emulator.clock.advance(600_000);
    assert.deepEqual(rig.emulator.history.losses(), []);
    assert.deepEqual(
      directOf("cleo").map(({ skuId }) => skuId),
      [ems],
    );
    assert.deepEqual([stack.wave().lastRemoved, stack.wave().pending], [{ EMS: 5, ENTERPRISEPACK: 2 }, { EMS: 1 }]);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(stack.wave().stays, { "not a member of All users": 1 });
    assert.deepEqual(await stack.preview(), []);
  });

  it("a unit reads back before it waits for other users", async () => {
    rig.start(tenant());
    rig.emulator.faults.add({
      match: { path: USER_WRITE, userId: idOf("dan") },
      times: 1,
      then: { status: 429, retryAfter: 300 },
    });
    atTheWrite(() => people().leaveGroup(upn("cleo"), "All users"), "cleo");
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(reason, /the direct licence was put back/);
    assert.deepEqual(rig.emulator.history.losses(), []);
    assert.equal(directOf("cleo").length, 1);
  });

  it("a change of another licence in that second is not ours: no alarm", async () => {
    rig.start(tenant({ direct: [{ sku: "EMS" }, { sku: "MCOEV" }] }));
    atTheWrite(() => people().removeDirect(upn("cleo"), "MCOEV"), "cleo");
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([directOf("cleo"), rig.host.sleeps], [[], []]);
  });

  it("decides again after a wait: a user that left the group meanwhile keeps the direct licence", async () => {
    rig.start(tenant());
    let hasLeft = false;
    rig.emulator.faults.add({
      match: { path: USER_WRITE, userId: idOf("cleo") },
      times: 1,
      then: { status: 429, retryAfter: 300 },
    });
    rig.host.onSleep = () => {
      if (rig.host.statuses.at(-1)?.startsWith("throttled until") === true && !hasLeft) {
        people().leaveGroup(upn("cleo"), "All users");
        hasLeft = true;
      }
    };
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(
      directOf("cleo").map(({ skuId }) => skuId),
      [ems],
    );
    assert.deepEqual(stack.wave().stays, { "not a member of All users": 1 });
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("a user leaving the group while a response is lost keeps the direct licence", async () => {
    rig.start(tenant());
    rig.emulator.faults.add({ match: { path: USER_WRITE, userId: idOf("cleo") }, times: 1, then: { status: 504 } });
    rig.emulator.faults.add({
      match: { method: "GET", path: /memberOf/, userId: idOf("cleo") },
      after: 1,
      times: 1,
      then: () => people().leaveGroup(upn("cleo"), "All users"),
    });
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    assert.deepEqual(stack.wave().stays, { "not a member of All users": 1 });
    assert.equal(directOf("cleo").length, 1);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("a group that is narrowed before the wave begins stops it before anything is written", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    beforeUnit(1, narrow);
    const [reason = ""] = (await stack.up()).unfinished;
    assert.match(reason, /the licences of All users are no longer what the stack file declares: they were changed/);
    assert.deepEqual(rig.emulator.requests.writes(), []);
    assert.equal(stack.wave().status, "halted");
  });

  it("a group narrowed between two units stops the wave: written users have the direct licence back", async () => {
    rig.start(tenant({ names: MANY }));
    beforeUnit(2, narrow);
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(reason, /no longer given INTUNE_A by All users after the removal; the direct licence was put back/);
    rig.emulator.clock.advance(600_000);
    assert.equal(people().directAssignmentCount("EMS"), MANY.length);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("a group that is narrowed while the next unit is read stops that one before it writes anything", async () => {
    rig.start(tenant({ names: MANY }));
    whileTheSecondUnitIsRead(narrow);
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(reason, /no longer what the stack file declares|no longer given INTUNE_A by All users/);
    const written = rig.emulator.requests.writes().map(({ path }) => path.split("/")[2]);
    assert.deepEqual(
      INTO_THE_SECOND_UNIT.filter((userId) => written.includes(userId)),
      [],
    );
    rig.emulator.clock.advance(600_000);
    assert.equal(people().directAssignmentCount("EMS"), MANY.length);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("a group narrowed at the write: written users have the direct licence back, and no user loses anything", async () => {
    rig.start(tenant({ names: MANY }));
    atTheWrite(narrow);
    const stack = new SmallStack(rig, EVERYONE);
    const [reason = ""] = (await stack.up()).unfinished;
    assert.match(
      reason,
      /\d+ users \(.*\): no longer given INTUNE_A by All users after the removal; the direct licence was put/,
    );
    rig.emulator.clock.advance(600_000);
    assert.equal(people().directAssignmentCount("EMS"), MANY.length);
    assert.deepEqual(rig.emulator.history.losses(), []);
    assert.deepEqual((await stack.up()).unfinished, [], "and the next run goes on");
    assert.deepEqual([people().directAssignments(), rig.emulator.history.losses()], [[], []]);
  });

  it("the next run gives the group what is declared again, waits for it, and goes on", async () => {
    rig.start(tenant({ names: MANY }));
    const stack = new SmallStack(rig, EVERYONE);
    beforeUnit(2, narrow);
    await stack.up();
    rig.host.stop = () => null;
    rig.emulator.clock.advance(600_000);
    const ended = await stack.up();
    assert.deepEqual(ended.unfinished, []);
    assert.ok(ended.ran.includes("all-users") && ended.ran.includes("everyone-1"), ended.ran.join());
    assert.deepEqual(people().directAssignments(), []);
    assert.deepEqual(lostByUs(), []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("a group that Entra processes again is waited for, and the wave goes on", async () => {
    rig.start(tenant({ names: MANY }));
    const stack = new SmallStack(rig, EVERYONE);
    whileTheSecondUnitIsRead(() => people().setGroupLicenses("All users", [{ sku: "EMS" }]));
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.ok(rig.host.sleeps.length > 0);
    assert.deepEqual([people().directAssignments(), rig.emulator.history.losses()], [[], []]);
  });

  it("but not for ever", async () => {
    rig.start(tenant({ names: MANY }));
    const stack = new SmallStack(rig, { ...EVERYONE, timeouts: { inheritanceMs: 0 } });
    whileTheSecondUnitIsRead(() => people().setGroupLicenses("All users", [{ sku: "EMS" }]));
    const [reason = ""] = (await stack.up()).unfinished;
    assert.match(
      reason,
      /Entra is processing All users again\. Nothing more was removed: run pulumi up again when it is done/,
    );
    assert.ok(people().directAssignmentCount("EMS") >= 15);
  });

  it("a direct licence that appears after the plan is not on record yet, and left for the next run", async () => {
    rig.start(tenant());
    people().removeDirect(upn("ada"), "ENTERPRISEPACK");
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up(() => people().assignDirect(upn("ada"), "ENTERPRISEPACK", ["YAMMER_ENTERPRISE"]));
    assert.deepEqual(
      directOf("ada").map(({ skuId }) => skuId),
      [e3],
    );
    assert.deepEqual(stack.wave().lastRemoved, { EMS: 6, ENTERPRISEPACK: 1 });
    assert.deepEqual((await stack.up()).ran, ["baseline", "everyone-1"]);
    assert.deepEqual(people().directAssignments(), []);
    assert.deepEqual(stack.baseline().assignments, { EMS: 6, ENTERPRISEPACK: 2 });
  });

  it("a direct licence that others remove first is no failure and not counted as ours", async () => {
    rig.start(tenant());
    atTheWrite(() => people().removeDirect(upn("cleo"), "EMS"), "cleo");
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([people().directAssignments(), rig.emulator.history.losses()], [[], []]);
    assert.deepEqual([stack.wave().lastRemoved, stack.wave().stays], [{ EMS: 5, ENTERPRISEPACK: 2 }, {}]);
  });

  it("a Graph that does not see a licence yet is asked again: the next read tells", async () => {
    for (const message of [
      "User does not have a corresponding license.",
      "User license is inherited from a group membership and it cannot be removed directly from the user.",
    ]) {
      rig.start(tenant());
      const behind = { status: 400, message } as const;
      rig.emulator.faults.add({ match: { path: USER_WRITE, userId: idOf("cleo") }, times: 2, then: behind });
      const stack = new SmallStack(rig, EVERYONE);
      await stack.up();
      assert.deepEqual([people().directAssignments(), stack.wave().stays], [[], {}]);
      assert.ok(rig.host.sleeps.length >= 2);
    }
  });

  for (const then of [{ status: 429, retryAfter: 2 }, { status: 409 }] as const) {
    it(`nor is one that others remove while ours waits (${then.status}): what was refused was not sent`, async () => {
      rig.start(tenant());
      rig.emulator.faults.add({ match: { path: USER_WRITE, userId: idOf("cleo") }, times: 1, then });
      rig.host.onSleep = () => {
        if (directOf("cleo").length > 0) people().removeDirect(upn("cleo"), "EMS");
      };
      const stack = new SmallStack(rig, EVERYONE);
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.deepEqual(stack.wave().lastRemoved, { EMS: 5, ENTERPRISEPACK: 2 });
    });
  }

  it("a wave with blocked users in its plan moves them when they are not blocked any more", async () => {
    rig.start(tenant());
    people().setAssignmentState(upn("cleo"), "EMS", "All users", { state: "Error", error: "CountViolation" });
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up(() => people().setAssignmentState(upn("cleo"), "EMS", "All users", { state: "Active" }));
    assert.deepEqual([people().directAssignments(), stack.wave().stays], [[], {}]);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("what is left to do is never less than nothing", async () => {
    rig.start(tenant({ names: MANY }));
    for (const name of MANY.slice(2)) {
      people().setAssignmentState(upn(name), "EMS", "All users", { state: "Error", error: "CountViolation" });
    }
    const stack = new SmallStack(rig, EVERYONE);
    let asked = 0;
    rig.host.stop = () => (++asked === 2 ? "a stop was requested" : null);
    await stack.up(() => {
      for (const name of MANY) people().setAssignmentState(upn(name), "EMS", "All users", { state: "Active" });
    });
    assert.ok(
      Object.values(stack.wave().pending).every((left) => left >= 0),
      JSON.stringify(stack.wave().pending),
    );
  });

  it("a plan that Microsoft adds to a SKU is on in both, and stays", async () => {
    rig.start(tenant());
    const plan = { servicePlanId: "aaaaaaaa-0000-4000-8000-000000000001", servicePlanName: "BRAND_NEW" };
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up(() => people().addServicePlan("EMS", plan));
    assert.deepEqual(people().directAssignments(), []);
    assert.ok(people().effectivePlans(upn("cleo")).includes(plan.servicePlanId));
    assert.deepEqual(rig.emulator.history.losses(), []);
  });
});
