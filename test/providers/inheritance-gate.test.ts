import assert from "node:assert/strict";
import { evidenceAbout } from "../../dynamic-providers/gate/evidence";
import { polls } from "../../dynamic-providers/writing/polls";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { GROUPS, idOf, tenant, upn } from "./tenants";

const GATE_ONLY: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))] };
const UNLICENSED = { allUsers: [], finance: [] };

describe("VerifiedInheritance", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const people = () => rig.emulator.tenant;
  const inError = (name: string, error: "CountViolation" | "Other") =>
    people().setAssignmentState(upn(name), "EMS", "All users", { state: "Error", error });

  it("waits until Entra has processed the groups, then finds that every member inherits", async () => {
    rig.start(tenant(UNLICENSED));
    const stack = new SmallStack(rig, GATE_ONLY);
    assert.deepEqual((await stack.up()).unfinished, []);
    const { "all-users": all, finance } = stack.gate().verified;
    assert.deepEqual(
      [all?.processingState, all?.members, all?.verified, all?.errors],
      ["ProcessingComplete", 6, 6, {}],
    );
    assert.deepEqual([finance?.members, finance?.verified], [2, 2]);
    assert.ok(rig.host.sleeps.length > 0);
    assert.ok(
      rig.host.statuses.some((text) => /^waiting for Entra \(\d+ s\): All users: QueuedForProcessing/.test(text)),
    );
    assert.equal(stack.gate().verifiedAt, new Date(rig.host.now()).toISOString());
  });

  it("each group has its own problems, and no other's", async () => {
    rig.start(tenant());
    people().setAssignmentState(upn("ada"), "ENTERPRISEPACK", "Finance department", { state: "Error", error: "Other" });
    const stack = new SmallStack(rig, GATE_ONLY);
    await stack.up();
    const { "all-users": all, finance } = stack.gate().verified;
    assert.deepEqual([all?.verified, all?.errors], [6, {}]);
    assert.deepEqual([finance?.verified, finance?.errors], [1, { "ENTERPRISEPACK: Other": 1 }]);
  });

  it("has the audit log's own figures as evidence", async () => {
    rig.start(tenant(UNLICENSED));
    const stack = new SmallStack(rig, GATE_ONLY);
    await stack.up();
    const [newest = ""] = stack.gate().verified["all-users"]?.evidence.slice(-1) ?? [];
    assert.match(newest, /Finish applying group based license to users: 6 assigned, 0 failed$/);
  });

  it("shows the newest three records of a week", async () => {
    rig.start(tenant(UNLICENSED));
    await new SmallStack(rig, GATE_ONLY).up();
    people().setGroupLicenses("All users", [{ sku: "EMS" }, { sku: "MCOEV" }]);
    rig.emulator.clock.advance(60_000);
    const { id } = people().group("All users");
    const evidence = async (nowMs: number) => (await evidenceAbout(rig.graph(), [id], nowMs)).get(id) ?? [];
    const shown = await evidence(rig.host.now());
    assert.deepEqual(
      shown.map((line) => line.replace(/^\S+ /, "").replace(/:.*/, "")),
      [
        "Set group license",
        "Start applying group based license to users",
        "Finish applying group based license to users",
      ],
    );
    const day = 24 * 3_600_000;
    assert.equal((await evidence(rig.host.now() + 6 * day)).length, 3);
    assert.deepEqual(await evidence(rig.host.now() + 8 * day), []);
  });

  it("does without the evidence where the audit log may not be read, and says so", async () => {
    rig.start(tenant(UNLICENSED));
    rig.emulator.faults.add({ match: { path: /directoryAudits/ }, then: { status: 403 } });
    const stack = new SmallStack(rig, GATE_ONLY);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.match(stack.gate().verified["all-users"]?.evidence.join() ?? "", /^not read: .*AuditLog\.Read\.All/);
  });

  it("does not wait for a throttled audit log that asks for half a minute", async () => {
    rig.start(tenant(UNLICENSED));
    rig.emulator.faults.add({ match: { path: /directoryAudits/ }, then: { status: 429, retryAfter: 30 } });
    const stack = new SmallStack(rig, GATE_ONLY);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.match(stack.gate().verified["all-users"]?.evidence.join() ?? "", /^not read: .*longer than the 25 s/);
    assert.ok(
      rig.host.sleeps.every((ms) => ms < 25_000),
      rig.host.sleeps.join(),
    );
  });

  it("the plan made afterwards agrees with what it found: nothing to do, no preview with changes", async () => {
    rig.start(tenant(UNLICENSED));
    const stack = new SmallStack(rig, GATE_ONLY);
    await stack.up();
    assert.equal((await stack.plan()).plan.inheritanceDigest, stack.gate().settled);
    assert.deepEqual(await stack.preview(), []);
  });

  it("members in error are counted by cause and hold no other user up; the next plan agrees", async () => {
    rig.start(tenant());
    inError("ada", "CountViolation");
    inError("ben", "CountViolation");
    inError("cleo", "Other");
    const stack = new SmallStack(rig, GATE_ONLY);
    assert.deepEqual((await stack.up()).unfinished, []);
    const all = stack.gate().verified["all-users"];
    assert.deepEqual([all?.members, all?.verified, all?.errors], [6, 3, { "EMS: CountViolation": 2, "EMS: Other": 1 }]);
    assert.ok(
      rig.host.said.some((line) =>
        line.includes("3 of 6 members inherit what is declared (2 EMS: CountViolation, 1 EMS: Other)"),
      ),
    );
    assert.deepEqual(rig.host.sleeps, [], "an error does not pass by waiting");
    assert.deepEqual(await stack.preview(), []);
  });

  it("looks again when a member breaks, and when one is well again; not when a healthy one joins", async () => {
    rig.start(tenant({ moreUsers: [{ userPrincipalName: upn("gus") }] }));
    const stack = new SmallStack(rig, GATE_ONLY);
    await stack.up();
    inError("cleo", "CountViolation");
    assert.deepEqual((await stack.up()).ran, ["inheritance"]);
    people().setAssignmentState(upn("cleo"), "EMS", "All users", { state: "Active" });
    assert.deepEqual((await stack.up()).ran, ["inheritance"]);
    people().joinGroup(upn("gus"), "All users");
    rig.emulator.clock.advance(120_000);
    assert.deepEqual(await stack.preview(), []);
  });

  it("waits for members with a licence still on its way, one by one", async () => {
    rig.start(tenant({ moreUsers: [{ userPrincipalName: upn("gus") }] }));
    people().joinGroup(upn("gus"), "All users");
    const stack = new SmallStack(rig, GATE_ONLY);
    await stack.up();
    const all = stack.gate().verified["all-users"];
    assert.deepEqual([all?.members, all?.verified, all?.errors], [7, 7, {}]);
    assert.ok(rig.host.statuses.includes("1 member still without the licence"));
    const slept = rig.host.sleeps.reduce((sum, ms) => sum + ms, 0);
    assert.ok(slept >= 60_000 && slept < 120_000, `${slept} ms`);
  });

  it("gives up on that after its time, and goes on: a user without it is blocked, not lost", async () => {
    rig.start(tenant({ moreUsers: [{ userPrincipalName: upn("gus") }] }));
    people().joinGroup(upn("gus"), "All users");
    const stack = new SmallStack(rig, { ...GATE_ONLY, timeouts: { inheritanceMs: 10_000 } });
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(stack.gate().verified["all-users"]?.errors, { "EMS: missing": 1 });
    assert.deepEqual(await stack.preview(), []);
    rig.emulator.clock.advance(60_000);
    assert.deepEqual(await stack.preview(), ["inheritance"]);
  });

  it("looks again only at users with a licence on its way; an unreadable user keeps the known problem", async () => {
    rig.start(tenant({ moreUsers: ["gus", "hal"].map((name) => ({ userPrincipalName: upn(name) })) }));
    for (const name of ["gus", "hal"]) people().joinGroup(upn(name), "All users");
    inError("cleo", "CountViolation");
    rig.emulator.faults.add({ match: { method: "GET", userId: idOf("gus") }, then: { status: 403 } });
    const stack = new SmallStack(rig, GATE_ONLY);
    assert.deepEqual((await stack.up()).unfinished, []);
    const { errors } = stack.gate().verified["all-users"] ?? {};
    assert.deepEqual(errors, { "EMS: CountViolation": 1, "EMS: missing": 1 });
    assert.equal(rig.emulator.requests.count({ method: "GET", path: new RegExp(`^/users/${idOf("cleo")}`) }), 0);
    assert.ok(rig.emulator.requests.count({ method: "GET", path: new RegExp(`^/users/${idOf("hal")}`) }) > 1);
  });

  it("ends that wait at a request to stop", async () => {
    rig.start(tenant({ moreUsers: [{ userPrincipalName: upn("gus") }] }));
    people().joinGroup(upn("gus"), "All users");
    rig.host.stop = () => "a stop was requested";
    const stack = new SmallStack(rig, GATE_ONLY);
    await stack.up();
    assert.deepEqual(rig.host.sleeps, []);
    assert.deepEqual(stack.gate().verified["all-users"]?.errors, { "EMS: missing": 1 });
  });

  it("a group that cannot be read is no verdict", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, GATE_ONLY);
    await stack.up();
    inError("cleo", "CountViolation");
    const up = stack.up(() => {
      rig.emulator.faults.add({ match: { path: /^\/groups\/[^/]+\?/, inBatch: true }, then: { status: 403 } });
    });
    await assert.rejects(up, /Group/);
  });

  it("a member deleted while it waits is no problem", async () => {
    rig.start(tenant({ moreUsers: [{ userPrincipalName: upn("gus") }] }));
    people().joinGroup(upn("gus"), "All users");
    rig.host.onSleep = () => {
      if (people().users().length === 7) people().removeUser(upn("gus"));
    };
    const stack = new SmallStack(rig, GATE_ONLY);
    await stack.up();
    assert.deepEqual(stack.gate().verified["all-users"]?.errors, {});
    assert.equal(rig.host.sleeps.length, 1);
  });

  it("a group that is not processed in time stops the run there, with the way out; the waves do not run", async () => {
    rig.start(tenant(UNLICENSED));
    const file = { ...GATE_ONLY, applyThrough: "everyone", timeouts: { processingMs: 0 } };
    const stack = new SmallStack(rig, file);
    const ended = await stack.up();
    assert.equal(ended.ran.at(-1), "inheritance");
    assert.equal(ended.unfinished.length, 2, "one reason for each group");
    assert.match(
      ended.unfinished[0] ?? "",
      /^All users: QueuedForProcessing for more than .*Nothing was removed.*run pulumi up again, raise licensing:timeouts\.processing/,
    );
    assert.equal(stack.outputs("inheritance")["complete"], false);
    assert.equal(rig.emulator.tenant.directAssignments().length, 8);
    rig.emulator.clock.advance(600_000);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
  });

  it("ends at once at a request to stop while it waits, and is not done", async () => {
    rig.start(tenant(UNLICENSED));
    rig.host.stop = () => (rig.emulator.requests.writes().length < 2 ? null : "a stop was requested");
    const ended = await new SmallStack(rig, GATE_ONLY).up();
    assert.match(
      ended.unfinished[0] ?? "",
      /^Stopped while waiting for .*All users: QueuedForProcessing.*: a stop was requested$/,
    );
    assert.deepEqual(rig.host.sleeps, []);
  });

  it("ends at once on Ctrl-C while it waits: it only reads", async () => {
    rig.start(tenant(UNLICENSED));
    rig.host.interrupted = () => "Ctrl-C";
    const ended = await new SmallStack(rig, GATE_ONLY).up();
    assert.match(ended.unfinished[0] ?? "", /^Stopped while waiting for .*All users: QueuedForProcessing.*: Ctrl-C$/);
    assert.deepEqual(rig.host.sleeps, []);
  });

  it("a group that gives something else than is declared is not ready in any processing state", async () => {
    rig.start(tenant(UNLICENSED));
    let narrowed = false;
    rig.host.onSleep = () => {
      if (!narrowed) people().setGroupLicenses("All users", [{ sku: "EMS", disabledPlans: ["INTUNE_A"] }]);
      narrowed = true;
    };
    const stack = new SmallStack(rig, { ...GATE_ONLY, timeouts: { processingMs: 60_000 } });
    const { unfinished } = await stack.up();
    assert.equal(people().group("All users").processingState, "ProcessingComplete");
    assert.equal(unfinished.length, 1);
    assert.match(unfinished[0] ?? "", /^All users: /);
  });
});

describe("the pauses between looks", () => {
  it("are short at first, then twice as long each time, and never longer than a log should be silent", () => {
    const pauses = polls();
    assert.deepEqual(
      Array.from({ length: 7 }, () => pauses.next().value),
      [1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000],
    );
  });
});
