import assert from "node:assert/strict";
import type { FaultEffect, FaultHandle } from "../../emulator";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { ems, GROUPS, idOf, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const CLEO = idOf("cleo");

/** All users have EMS without two of its plans: what is put back must have exactly these. */
const NARROWED = tenant({ direct: [{ sku: "EMS", disabledPlans: ["INTUNE_A", "MFA_PREMIUM"] }] });

describe("DirectLicenseRemoval reads back what it wrote", function () {
  this.timeout(120_000);
  const rig = rigOf({}, () => NARROWED);

  const directOf = (id: string) => rig.emulator.tenant.directAssignments().filter(({ userId }) => userId === id);
  const directs = () => rig.emulator.tenant.directAssignments("EMS").map(({ userId }) => userId);
  const breakInheritance = () =>
    rig.emulator.tenant.setAssignmentState(upn("cleo"), "EMS", "All users", {
      state: "Error",
      error: "CountViolation",
    });

  /** The first read of Cleo after her first write: `then` happens to it, or at it. The write may have trouble of its own. */
  function atHerReadBack(
    then: FaultEffect,
    { times = 1, writes = "done" }: { readonly times?: number; readonly writes?: "done" | "lost" } = {},
  ): void {
    const herWrite = { path: /assignLicense/, userId: CLEO };
    rig.emulator.faults.add({
      match: herWrite,
      times: 1,
      then: () => {
        rig.emulator.faults.add({ match: { method: "GET", userId: CLEO }, times, then });
      },
    });
    if (writes === "lost") rig.emulator.faults.add({ match: herWrite, times: 1, then: "lost" });
  }

  it("a plan that is missing twice over the settling time: the licence is put back as it was, and the wave halts", async () => {
    atHerReadBack(breakInheritance);
    const stack = new SmallStack(rig, { ...EVERYONE, timeouts: { settleMs: 12_345 } });
    const [reason = ""] = (await stack.up()).unfinished;
    assert.match(
      reason,
      new RegExp(
        `^wave everyone \\(1 of 1\\) halted: user ${CLEO}: misses .*AAD_PREMIUM.* after the removal; ` +
          "the direct licence was put back\\. See in the group's audit log what changed, or why its licence did not hold",
      ),
    );
    const plans = ["INTUNE_A", "MFA_PREMIUM"].map((name) => rig.emulator.tenant.plan(name)).sort();
    assert.deepEqual(
      directOf(CLEO).map(({ skuId, disabledPlans }) => [skuId, [...disabledPlans].sort()]),
      [[ems, plans]],
    );
    const slept = rig.host.sleeps.reduce((sum, ms) => sum + ms, 0);
    assert.equal(slept, 12_345, "it waits once for the settling time, and says so");
    assert.ok(rig.host.statuses.some((text) => /^settling until \d\d:\d\d:\d\d UTC$/.test(text)));
    assert.deepEqual(rig.emulator.history.losses({ except: "people" }), []);
    const { status, lastRemoved, pending } = stack.wave();
    assert.deepEqual([status, lastRemoved["EMS"], pending["EMS"]], ["halted", 5, 1]);
  });

  it("only what is missing is put back: the others of the unit keep what was proven for them", async () => {
    atHerReadBack(breakInheritance);
    await new SmallStack(rig, EVERYONE).up();
    assert.deepEqual(
      rig.emulator.tenant.directAssignments().map(({ userId }) => userId),
      [CLEO],
    );
  });

  it("of many users the halt names a few, and says how many more and where all are", async () => {
    rig.start(tenant({ names: Array.from({ length: 12 }, (_, n) => `person${n}`) }));
    rig.emulator.faults.add({
      match: { path: /assignLicense/ },
      times: 1,
      then: () => {
        for (const { userPrincipalName } of rig.emulator.tenant.users())
          rig.emulator.tenant.leaveGroup(userPrincipalName, "All users");
      },
    });
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(
      reason,
      /1?\d users \((?:[\da-f-]{36}, ){4}[\da-f-]{36} and \d+ more\): no longer a member of All users/,
    );
    assert.match(reason, /plan\.json of entra-licensing plan lists all users that are owed a licence/);
    assert.equal(new Set(directs()).size, 12, "all have it back");
  });

  it("with showNames the halt names people, and asks Graph nothing for it", async () => {
    const requestsOf = async (showNames: boolean): Promise<number> => {
      rig.start(NARROWED);
      atHerReadBack(breakInheritance);
      const stack = new SmallStack(rig, { ...EVERYONE, showNames });
      const [reason = ""] = (await stack.up()).unfinished;
      assert.equal(reason.includes(`user ${CLEO} (`), showNames, reason);
      assert.equal(reason.includes("cleo@contoso.com): misses "), showNames, reason);
      assert.ok(!JSON.stringify(stack.wave()).includes("cleo@"), "the state has ids alone");
      return rig.emulator.requests.all().length;
    };
    assert.equal(await requestsOf(true), await requestsOf(false));
  });

  it("all SKUs that one write removed are put back by one write", async () => {
    atHerReadBack(() => {
      breakInheritance();
      rig.emulator.tenant.setAssignmentState(upn("ada"), "EMS", "All users", { state: "Error", error: "Other" });
      rig.emulator.tenant.setAssignmentState(upn("ada"), "ENTERPRISEPACK", "Finance department", {
        state: "Error",
        error: "Other",
      });
    });
    await new SmallStack(rig, EVERYONE).up();
    assert.equal(directOf(idOf("ada")).length, 2);
    assert.equal(rig.emulator.requests.count({ method: "POST", path: new RegExp(`^/users/${idOf("ada")}/`) }), 2);
  });

  it("what is there again after the settling time was Graph behind its own write: nothing is put back", async () => {
    atHerReadBack(breakInheritance);
    rig.host.onSleep = () => {
      rig.emulator.tenant.setAssignmentState(upn("cleo"), "EMS", "All users", { state: "Active" });
    };
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([stack.wave().status, directOf(CLEO)], ["done", []]);
  });

  it("restores the licence of a user that cannot be read back", async () => {
    atHerReadBack({ status: 403 }, { times: Infinity });
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(reason, /could not be read back.*the direct licence was put back/);
    assert.equal(directOf(CLEO).length, 1);
  });

  it("reads a user again after a temporary read failure", async () => {
    atHerReadBack({ status: 403 });
    assert.deepEqual((await new SmallStack(rig, EVERYONE).up()).unfinished, []);
    assert.ok(rig.host.sleeps.length > 0, "it waited before it looked again");
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
  });

  it("a user deleted after the write counts as missing nothing", async () => {
    atHerReadBack(() => rig.emulator.tenant.removeUser(upn("cleo")));
    assert.deepEqual((await new SmallStack(rig, EVERYONE).up()).unfinished, []);
  });

  const passing: [what: string, then: FaultEffect][] = [
    ["meets another write (409)", { status: 409 }],
    ["is done and its answer lost", "lost"],
    ["is not done and its answer lost", { status: 504 }],
    ["breaks off", "reset"],
    ["is throttled", { status: 429, retryAfter: 5 }],
    // Longer than any other request would wait.
    ["is throttled for a quarter of an hour", { status: 429, retryAfter: 900 }],
  ];
  for (const [what, then] of passing) {
    it(`a put-back that ${what} is tried again: a user is without a service`, async () => {
      atHerReadBack(breakInheritance);
      rig.emulator.faults.add({ match: { path: /assignLicense/, userId: CLEO }, after: 1, times: 3, then });
      const stack = new SmallStack(rig, EVERYONE);
      const [reason = ""] = (await stack.up()).unfinished;
      assert.match(reason, /the direct licence was put back\./);
      assert.equal(directOf(CLEO).length, 1);
      assert.deepEqual(stack.wave().lastRemoved, { EMS: 5, ENTERPRISEPACK: 2 });
      assert.deepEqual(rig.emulator.requests.early(), []);
    });
  }

  it("a put-back that never gets through ends, and is said loudly", async () => {
    atHerReadBack(breakInheritance);
    rig.emulator.faults.add({ match: { path: /assignLicense/, userId: CLEO }, after: 1, then: { status: 409 } });
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(reason, /COULD NOT be put back: Another change to the same object was under way/);
  });

  it("a licence that cannot be put back is said loudly, with the way out", async () => {
    atHerReadBack(breakInheritance);
    const message = `Subscription with SKU ${ems} does not have any available licenses.`;
    rig.emulator.faults.add({
      match: { path: /assignLicense/, userId: CLEO },
      after: 1,
      then: { status: 400, message },
    });
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(reason, /the direct licence COULD NOT be put back: .*Buy seats or free some/);
    const writes = rig.emulator.requests.count({ method: "POST", path: new RegExp(`^/users/${CLEO}/`) });
    assert.equal(writes, 2, "what cannot pass is not tried again");
  });

  it("names users without usageLocation, and what to set: Entra assigns them nothing directly", async () => {
    rig.emulator.tenant.setUsageLocation(upn("cleo"), null);
    atHerReadBack(breakInheritance);
    const stack = new SmallStack(rig, { ...EVERYONE, acceptNoWayBack: true });
    const [warning] = (await stack.plan()).plan.findings.filter(({ code }) => code === "no-way-back");
    assert.deepEqual(warning?.userIds, [CLEO], "and the preview had said it");
    const [reason = ""] = (await stack.up()).unfinished;
    assert.match(
      reason,
      /COULD NOT be put back: .* invalid usage location\. Set usageLocation \(.*\), and run pulumi up again\. See in/,
    );
    assert.deepEqual([directOf(CLEO), stack.wave().status], [[], "halted"]);
  });

  it("a write with a lost answer is read back like any other", async () => {
    atHerReadBack(breakInheritance, { writes: "lost" });
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(reason, /the direct licence was put back/);
    assert.equal(directOf(CLEO).length, 1);
  });

  it("a lost answer, and then a group that is processed again: a user that left has the licence back before anything is waited for", async () => {
    rig.start(tenant());
    const herWrite = { path: /assignLicense/, userId: CLEO };
    rig.emulator.faults.add({
      match: herWrite,
      times: 1,
      then: () => {
        rig.emulator.tenant.leaveGroup(upn("cleo"), "All users");
        rig.emulator.tenant.setGroupLicenses("All users", [{ sku: "EMS" }]);
      },
    });
    rig.emulator.faults.add({ match: herWrite, times: 1, then: "lost" });
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(reason, new RegExp(`user ${CLEO}: no longer a member of All users .*the direct licence was put back`));
    assert.deepEqual(rig.host.sleeps, []);
    rig.emulator.clock.advance(600_000);
    assert.equal(directOf(CLEO).length, 1);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("a write that was done behind a 503 with a time to wait, for a user that left: the licence is back before that time", async () => {
    rig.start(tenant());
    const herWrite = { path: /assignLicense/, userId: CLEO };
    rig.emulator.faults.add({
      match: herWrite,
      times: 1,
      then: () => rig.emulator.tenant.leaveGroup(upn("cleo"), "All users"),
    });
    rig.emulator.faults.add({ match: herWrite, times: 1, then: { status: 503, retryAfter: 7, afterDoing: true } });
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(reason, new RegExp(`user ${CLEO}: no longer a member of All users .*the direct licence was put back`));
    rig.emulator.clock.advance(600_000);
    assert.equal(directOf(CLEO).length, 1);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("a unit that ends because Graph answers no read any more has still counted, and tried to read back, what it removed", async () => {
    rig.emulator.faults.add({ match: { path: /assignLicense/, userId: CLEO }, then: { status: 429, retryAfter: 60 } });
    let outage: FaultHandle | undefined;
    rig.host.onSleep = () => {
      if (rig.host.statuses.at(-1)?.startsWith("throttled until") === true)
        outage ??= rig.emulator.faults.add({ match: { path: /^\/\$batch$/, inBatch: false }, then: { status: 503 } });
    };
    const stack = new SmallStack(rig, EVERYONE);
    assert.equal((await stack.up()).unfinished.length, 1);
    assert.ok((outage?.hits ?? 0) > 0);
    assert.deepEqual(stack.wave().lastRemoved, { EMS: 5, ENTERPRISEPACK: 2 });
    assert.deepEqual(stack.wave().pending, { EMS: 1 });
  });
});
