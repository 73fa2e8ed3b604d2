import assert from "node:assert/strict";
import { directLicenseRemoval } from "../../dynamic-providers/direct-license-removal";
import { count, percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { e3, ems, GROUPS, idOf, NAMES, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = {
  groups: GROUPS,
  waves: [wave("everyone", percent(100))],
  applyThrough: "everyone",
};
const USER_WRITE = /^\/users\/.*\/assignLicense/;

describe("DirectLicenseRemoval, when all is well", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const us = () => rig.emulator.credentials().AZURE_CLIENT_ID;
  const removed = () => Object.fromEntries(rig.emulator.history.removals({ by: us() }));

  it("removes every direct licence, and no user is without a service for a moment", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
    assert.deepEqual(removed(), { [ems]: 6, [e3]: 2 });
    assert.deepEqual(rig.emulator.history.losses(), []);
    assert.deepEqual(rig.host.sleeps, [], "where nothing is missing nothing is waited for");
    for (const sku of [ems, e3]) {
      const { first, now, highest } = rig.emulator.history.seats(sku);
      assert.deepEqual([now, highest], [first, first]);
    }
  });

  it("says what it did, in the state and in a line that stays", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    const { status, lastRemoved, pending, stays, staysBySku, doneAt } = stack.wave();
    assert.deepEqual(
      { status, lastRemoved, pending, stays, staysBySku, doneAt },
      {
        status: "done",
        lastRemoved: { EMS: 6, ENTERPRISEPACK: 2 },
        pending: {},
        stays: {},
        staysBySku: {},
        doneAt: new Date(rig.host.now()).toISOString(),
      },
    );
    assert.ok(rig.host.said.includes("everyone: removed 8 direct assignments (6 EMS, 2 ENTERPRISEPACK)"));
    assert.equal(rig.host.said.filter((line) => line.startsWith("everyone: ")).length, 1, "and nothing that was not");
    assert.match(rig.host.statuses.at(-1) ?? "", /^6 of 6 users, .*, 0 blocked/);
  });

  it("removes all SKUs of a user in one write", async () => {
    rig.start(tenant());
    await new SmallStack(rig, EVERYONE).up();
    const writes = rig.emulator.requests.all({ method: "POST", path: USER_WRITE });
    assert.equal(writes.length, 6);
    assert.equal(new Set(writes.map(({ path }) => path)).size, 6);
  });

  it("reads each user again after the plan and before the write, and back after it", async () => {
    rig.start(tenant());
    let planned = 0;
    await new SmallStack(rig, EVERYONE).up(() => {
      planned = rig.emulator.requests.all().length;
    });
    const requests = rig.emulator.requests.all().slice(planned);
    for (const name of NAMES) {
      const mine = requests.filter(({ path }) => path.startsWith(`/users/${idOf(name)}`));
      assert.deepEqual(
        mine.map(({ method, path }) => `${method} ${/memberOf|assignLicense/.exec(path)?.[0] ?? "user"}`),
        ["GET user", "GET memberOf", "POST assignLicense", "GET user", "GET memberOf"],
        name,
      );
    }
  });

  it("a second run has nothing to do, nor has a preview, and neither writes", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    const before = rig.emulator.requests.writes().length;
    assert.deepEqual(await stack.preview(), []);
    assert.deepEqual(await stack.up(), { ran: [], unfinished: [] });
    assert.equal(rig.emulator.requests.writes().length, before);
  });

  it("a plan writes nothing", async () => {
    rig.start(tenant({ allUsers: [], finance: [] }));
    await new SmallStack(rig, EVERYONE).preview();
    assert.deepEqual(rig.emulator.requests.writes(), []);
  });

  it("keeps to the licences that are declared: others stay as they are", async () => {
    rig.start(tenant({ direct: [{ sku: "EMS" }, { sku: "MCOEV" }] }));
    await new SmallStack(rig, EVERYONE).up();
    const left = rig.emulator.tenant.directAssignments();
    assert.deepEqual(new Set(left.map(({ skuId }) => skuId)), new Set([rig.emulator.tenant.sku("MCOEV").skuId]));
    assert.equal(left.length, 6);
  });

  it("a wave that is held touches nothing, and says so in the state", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, { ...EVERYONE, applyThrough: null });
    await stack.up();
    const { status, pending, doneAt, __taken } = stack.wave();
    assert.deepEqual([status, pending, doneAt, __taken], ["waiting", { EMS: 6, ENTERPRISEPACK: 2 }, null, ""]);
    assert.deepEqual(rig.emulator.requests.writes(), []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("a wave that is held later keeps what it is known to have done", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    const done = stack.wave();
    rig.emulator.tenant.assignDirect(upn("ada"), "EMS");
    stack.file = { ...EVERYONE, applyThrough: null };
    assert.deepEqual(await stack.preview(), []);
    await stack.up();
    assert.deepEqual(stack.wave(), done);
    assert.equal(rig.emulator.tenant.directAssignmentCount("EMS"), 1);
  });

  it("waves go one after the other, and each takes its own users", async () => {
    rig.start(tenant());
    const waves = [wave("canary", count(2)), wave("everyone", percent(100))];
    const stack = new SmallStack(rig, { groups: GROUPS, waves, applyThrough: "canary" });
    await stack.up();
    assert.equal(rig.emulator.tenant.directAssignmentCount("EMS"), 4);
    assert.equal(stack.wave("everyone-1").status, "waiting");
    stack.file = { ...stack.file, applyThrough: "everyone" };
    assert.deepEqual((await stack.up()).ran, ["baseline", "everyone-1"]);
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("a wave behind a soak waits until the time is over, counted from when the first was done", async () => {
    rig.start(tenant());
    const waves = [wave("canary", count(2), { soakMs: 3_600_000 }), wave("everyone", percent(100))];
    const stack = new SmallStack(rig, { groups: GROUPS, waves, applyThrough: "everyone" });
    await stack.up();
    rig.emulator.clock.advance(3_599_000);
    assert.deepEqual(await stack.preview(), []);
    rig.emulator.clock.advance(1_000);
    assert.deepEqual(await stack.up(), { ran: ["baseline", "everyone-1"], unfinished: [] });
  });

  it("a direct licence that is added again goes again, under the same proof", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    const { doneAt } = stack.wave();
    rig.emulator.clock.advance(60_000);
    rig.emulator.tenant.assignDirect(upn("cleo"), "EMS");
    assert.deepEqual(await stack.up(), { ran: ["baseline", "everyone-1"], unfinished: [] });
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
    assert.deepEqual(stack.wave().lastRemoved, { EMS: 1 });
    assert.equal(stack.wave().doneAt, doneAt, "done is when it was done for the first time");
  });

  it("a wave with more blocked users than allowed is refused before anything is written", async () => {
    rig.start(tenant());
    rig.emulator.tenant.leaveGroup(upn("ada"), "All users");
    const waves = [wave("everyone", percent(100), { maxBlocked: 0 })];
    await assert.rejects(
      new SmallStack(rig, { ...EVERYONE, waves }).up(),
      /wave everyone: 1 user is blocked, and maxBlocked allows 0/,
    );
    assert.deepEqual(rig.emulator.requests.writes(), []);
  });

  it("many users go in small units, and how far it is is said after each", async () => {
    const names = Array.from({ length: 125 }, (_, n) => `person${n}`);
    rig.start(tenant({ names }));
    await new SmallStack(rig, EVERYONE).up();
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
    const done = rig.host.statuses.map((text) => /^(\d+) of 125 users/.exec(text)?.[1]).filter(Boolean);
    assert.deepEqual(done, ["57", "114", "125"]);
  });

  it("at a request to stop it ends after the unit in hand, with its work in the state; the next run goes on", async () => {
    const names = Array.from({ length: 125 }, (_, n) => `person${n}`);
    rig.start(tenant({ names }));
    const stack = new SmallStack(rig, EVERYONE);
    let asked = 0;
    rig.host.stop = () => (++asked === 2 ? "a stop was requested" : null);
    const ended = await stack.up();
    assert.deepEqual(ended.unfinished, [
      "wave everyone (1 of 1) halted: a stop was requested. Stopped after 57 of 125 users of this part: " +
        `${Object.values(removed()).reduce((sum, count) => sum + count)} direct assignments removed, 0 users blocked; ` +
        "68 users were not looked at yet. No later wave was begun. Run pulumi up again: it goes on from here.",
    ]);
    const left = rig.emulator.tenant.directAssignmentCount("EMS");
    assert.ok(left >= 65 && left < 125, `${left} are left after one unit`);
    const { status, lastRemoved, pending, doneAt, settled } = stack.wave();
    assert.deepEqual(
      [status, lastRemoved["EMS"], pending["EMS"], doneAt, settled],
      ["halted", 125 - left, left, null, ""],
    );
    rig.host.stop = () => null;
    assert.deepEqual(await stack.up(), { ran: ["baseline", "everyone-1"], unfinished: [] });
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("asked to stop before its first unit, it writes nothing at all", async () => {
    rig.start(tenant());
    rig.host.stop = () => "a stop was requested";
    const stack = new SmallStack(rig, EVERYONE);
    assert.equal((await stack.up()).unfinished.length, 1);
    assert.deepEqual(rig.emulator.requests.writes(), []);
    assert.deepEqual(stack.wave().pending, { EMS: 6, ENTERPRISEPACK: 2 });
  });

  it("letting go of a wave touches nothing: the direct licences are gone either way", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    const before = rig.emulator.requests.all().length;
    await directLicenseRemoval.release(stack.wave(), rig.host);
    assert.equal(rig.emulator.requests.all().length, before);
  });
});
