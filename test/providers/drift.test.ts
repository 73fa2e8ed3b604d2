import assert from "node:assert/strict";
import { driftLines } from "../../licensing/drift/drift-words";
import { percent, wave } from "../licensing/builders";
import { openRig, rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { e3, ems, GROUPS, idOf, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const MANY = Array.from({ length: 20 }, (_, n) => `person${n}`);
const DAY = 24 * 3_600_000;

describe("direct licences that come back after the move", function () {
  this.timeout(120_000);
  const rig = rigOf({ startAt: new Date("2026-11-19T09:00:00Z") });

  const people = () => rig.emulator.tenant;
  const automation = () => people().asApp("svc-licensing");
  const driftIn = async (stack: SmallStack) => (await stack.plan()).plan.drift;
  const counts = async (stack: SmallStack) =>
    (await driftIn(stack)).tallies.map(({ day, actor, count }) => `${count} ${actor ?? "unknown"} ${day}`);

  it("14 are found with actor and day, and removed again by the next up, under the same proof", async () => {
    rig.start(tenant({ names: MANY }));
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    assert.deepEqual(await driftIn(stack), { returned: [], tallies: [], auditGap: null });

    rig.emulator.clock.advance(DAY);
    for (const name of MANY.slice(0, 12)) automation().assignDirect(upn(name), "EMS");
    rig.emulator.clock.advance(DAY);
    for (const name of MANY.slice(12, 14)) people().as("helpdesk@contoso.com").assignDirect(upn(name), "EMS");
    // What else happens to licences is not the return: another SKU of a moved user, an hour later.
    rig.emulator.clock.advance(DAY / 12);
    people().as("other@contoso.com").assignDirect(upn("person0"), "MCOEV");

    const { plan, snapshot } = await stack.plan();
    const [line = ""] = driftLines(plan.drift, snapshot.catalog);
    assert.match(
      line,
      /^14 direct EMS came back on moved users: 12 by svc-licensing on 2026-11-20, 2 by helpdesk@contoso\.com on 2026-11-21 \(/,
    );
    assert.deepEqual(
      new Set(plan.drift.returned.map(({ userId }) => userId)),
      new Set(MANY.slice(0, 14).map((name) => idOf(name))),
    );

    rig.emulator.requests.clear();
    assert.deepEqual((await stack.up()).unfinished, []);
    const writes = rig.emulator.requests.writes();
    assert.equal(writes.length, 14);
    assert.deepEqual(
      people()
        .directAssignments("EMS")
        .map(({ userId }) => userId),
      [],
    );
    assert.deepEqual(await driftIn(stack), { returned: [], tallies: [], auditGap: null });
    assert.deepEqual(await stack.preview(), []);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("again after that: the second return is told by its own day, not by the first", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    people().as("first@contoso.com").assignDirect(upn("ada"), "EMS");
    await stack.up();
    rig.emulator.clock.advance(DAY);
    automation().assignDirect(upn("ada"), "EMS");
    const day = new Date(rig.host.now()).toISOString().slice(0, 10);
    assert.deepEqual(await counts(stack), [`1 svc-licensing or someone since ${day}`]);
    rig.emulator.clock.advance(DAY);
    assert.deepEqual(await counts(stack), [`1 svc-licensing ${day}`]);
  });

  it("reports no returned licence for a blocked user, and only the moved SKU for a partly moved one", async () => {
    rig.start(
      tenant({
        names: ["ada", "ben", "cleo"],
        finance: [{ sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER_ENTERPRISE"] }],
      }),
    );
    const disabledPlans = [people().plan("YAMMER_ENTERPRISE")];
    const [all, finance] = GROUPS;
    assert.ok(all !== undefined && finance !== undefined);
    const narrow = { ...finance, licenses: [{ sku: "ENTERPRISEPACK", disabledPlans }] };
    const stack = new SmallStack(rig, { ...EVERYONE, groups: [all, narrow] });
    await stack.up();
    assert.deepEqual(
      new Set(
        people()
          .directAssignments()
          .map(({ skuId }) => skuId),
      ),
      new Set([e3]),
    );
    rig.emulator.clock.advance(DAY);
    automation().assignDirect(upn("ada"), "EMS");
    // A change of the blocked licence by hand is none either: it never went.
    people().assignDirect(upn("ben"), "ENTERPRISEPACK");
    assert.deepEqual(
      (await driftIn(stack)).returned.map(({ userId, skuId }) => [userId, skuId]),
      [[idOf("ada"), ems]],
    );
  });

  it("what a rollback put back has not come back; after it goes forward again, it may", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    stack.file = { ...EVERYONE, waves: [wave("everyone", percent(100), { rollback: true })] };
    await stack.up();
    assert.equal(people().directAssignmentCount("EMS"), 6);
    assert.deepEqual((await driftIn(stack)).returned, []);
    stack.file = EVERYONE;
    assert.deepEqual((await driftIn(stack)).returned, []);
    await stack.up();
    rig.emulator.clock.advance(DAY);
    automation().assignDirect(upn("cleo"), "EMS");
    rig.emulator.clock.advance(DAY);
    assert.deepEqual(
      (await driftIn(stack)).returned.map(({ userId, actor }) => [userId, actor]),
      [[idOf("cleo"), "svc-licensing"]],
    );
  });

  it("without the permission for the audit log the day is known, the actor is not, and the up goes on", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    rig.emulator.clock.advance(DAY);
    for (const name of ["ada", "ben"]) automation().assignDirect(upn(name), "EMS");
    rig.emulator.faults.add({ match: { path: /directoryAudits/ }, then: { status: 403 } });
    const day = new Date(rig.host.now()).toISOString().slice(0, 10);
    assert.deepEqual(await counts(stack), [`2 unknown ${day}`]);
    assert.match((await driftIn(stack)).auditGap ?? "", /AuditLog\.Read\.All/);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(people().directAssignmentCount("EMS"), 0);
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("what a killed run had removed is on record as soon as the next one has looked, and known when it returns", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, { ...EVERYONE, applyThrough: null });
    await stack.up();
    // The tenant as the killed run left it: the state knows the baseline and nothing of the removal.
    people().removeDirect(upn("ada"), "EMS");
    stack.file = EVERYONE;
    await stack.up();
    rig.emulator.clock.advance(DAY);
    automation().assignDirect(upn("ada"), "EMS");
    rig.emulator.clock.advance(DAY);
    assert.deepEqual(
      (await driftIn(stack)).returned.map(({ userId, actor }) => [userId, actor]),
      [[idOf("ada"), "svc-licensing"]],
    );
  });
});

describe("a tenant in which the audit log lags", function () {
  this.timeout(120_000);

  it("a name is not sure while the record of another actor may be missing", async () => {
    const rig = await openRig({ auditLagMs: 5 * 60_000 });
    try {
      rig.start(tenant());
      const stack = new SmallStack(rig, EVERYONE);
      await stack.up();
      rig.emulator.clock.advance(DAY);
      rig.emulator.tenant.as("helpdesk@contoso.com").assignDirect(upn("ada"), "MCOEV");
      rig.emulator.clock.advance(4 * 60_000);
      rig.emulator.tenant.asApp("svc-licensing").assignDirect(upn("ada"), "EMS");
      rig.emulator.clock.advance(90_000);
      const { actor, doubt } = (await stack.plan()).plan.drift.returned[0] ?? {};
      assert.deepEqual([actor, doubt], ["helpdesk@contoso.com or someone since", "late"]);
    } finally {
      await rig.close();
    }
  });

  it("the actor is unknown at first and known later, and no other actor is named meanwhile", async () => {
    const rig = await openRig({ auditLagMs: 3_600_000 });
    try {
      rig.start(tenant());
      const stack = new SmallStack(rig, EVERYONE);
      await stack.up();
      rig.emulator.clock.advance(DAY);
      rig.emulator.tenant.as("helpdesk@contoso.com").assignDirect(upn("ada"), "MCOEV");
      rig.emulator.clock.advance(DAY);
      rig.emulator.tenant.asApp("svc-licensing").assignDirect(upn("ada"), "EMS");
      const actor = async () => (await stack.plan()).plan.drift.returned.map((each) => each.actor);
      assert.deepEqual(await actor(), [null]);
      rig.emulator.clock.advance(DAY / 12);
      assert.deepEqual(await actor(), ["svc-licensing"]);
    } finally {
      await rig.close();
    }
  });
});
