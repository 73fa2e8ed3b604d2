import assert from "node:assert/strict";
import { type DebtsInputs, directLicenseDebts } from "../../dynamic-providers/direct-license-debts";
import type { FaultEffect, FaultHandle } from "../../emulator";
import type { CountsByName } from "../../licensing/counts";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { ems, GROUPS, idOf, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const CLEO = idOf("cleo");
const NO_SEAT_WORDS = `Subscription with SKU ${ems} does not have any available licenses.`;
const NO_SEAT: FaultEffect = { status: 400, message: NO_SEAT_WORDS };

/** All users have EMS without a plan: what is given back must have exactly this. */
const NARROWED = tenant({ direct: [{ sku: "EMS", disabledPlans: ["INTUNE_A"] }] });

describe("what could not be put back is a debt", function () {
  this.timeout(120_000);
  const rig = rigOf({}, () => NARROWED);
  /** How often the run that owes tried to put it back. */
  let putBacks = 0;

  const directOf = (id: string) => rig.emulator.tenant.directAssignments().filter(({ userId }) => userId === id);
  const setInherited = (state: "Error" | "Active") =>
    rig.emulator.tenant.setAssignmentState(upn("cleo"), "EMS", "All users", {
      state,
      ...(state === "Error" && { error: "CountViolation" as const }),
    });

  /** A run that removes Cleo's licence, finds her without a plan, and cannot put it back. */
  async function owing(file = EVERYONE, trouble = NO_SEAT): Promise<{ stack: SmallStack; trouble: FaultHandle }> {
    const herWrite = { path: /assignLicense/, userId: CLEO };
    rig.emulator.faults.add({
      match: herWrite,
      times: 1,
      then: () => {
        rig.emulator.faults.add({
          match: { method: "GET", userId: CLEO },
          times: 1,
          then: () => setInherited("Error"),
        });
      },
    });
    const standing = rig.emulator.faults.add({ match: herWrite, after: 1, then: trouble });
    const stack = new SmallStack(rig, file);
    const { unfinished } = await stack.up();
    assert.match(unfinished.join(), /COULD NOT be put back/);
    putBacks = rig.emulator.requests.count({ path: new RegExp(`${CLEO}/assignLicense`) }) - 1;
    rig.emulator.requests.clear();
    return { stack, trouble: standing };
  }

  const removals = () => rig.emulator.requests.count({ method: "POST", path: /assignLicense/ });

  it("is in the state with its reason, is no departure, and the next preview shows it", async () => {
    const { stack } = await owing();
    assert.deepEqual(Object.values(stack.wave().notPutBack), [1]);
    assert.match(Object.keys(stack.wave().notPutBack).join(), /does not have any available licenses/);
    const { plan } = await stack.plan();
    assert.deepEqual(
      plan.debts.owed.map(({ userId, license, why }) => [userId, license.skuId, why.kind]),
      [[CLEO, ems, "not-put-back"]],
    );
    assert.deepEqual(plan.departures, []);
    assert.equal(plan.waves[0]?.hold?.kind, "debts");
    assert.ok((await stack.preview()).includes("debts"));
  });

  it("is paid by the next run, as it was on record, before anything is removed", async () => {
    const { stack, trouble } = await owing();
    trouble.remove();
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(
      directOf(CLEO).map(({ skuId, disabledPlans }) => [skuId, disabledPlans]),
      [[ems, [rig.emulator.tenant.plan("INTUNE_A")]]],
    );
    assert.equal(removals(), 1, "that run wrote nothing else");
    assert.deepEqual(stack.debts().paid, { EMS: 1 });
    assert.match(rig.host.said.join(), /gave back what was owed: .*\. .* run pulumi up again, and they go on/);
    const { plan } = await stack.plan();
    assert.deepEqual([plan.debts.owed, plan.debts.ended, plan.drift.returned], [[], [], []]);
    assert.equal(plan.waves[0]?.hold, null, "the wave goes on");
  });

  it("is paid though Microsoft retired one of its plans since the plan was made", async () => {
    const { stack, trouble } = await owing();
    trouble.remove();
    const { unfinished } = await stack.up(() => rig.emulator.tenant.removeServicePlan("EMS", "INTUNE_A"));
    assert.deepEqual(unfinished, []);
    assert.deepEqual(
      directOf(CLEO).map(({ skuId, disabledPlans }) => [skuId, disabledPlans]),
      [[ems, []]],
    );
    assert.equal(removals(), 2, "refused with the retired plan, and sent without it");
  });

  const certain: readonly [string, string][] = [
    ["no seat", NO_SEAT_WORDS],
    ["a dependency", `License assignment failed because service plan ${ems} depends on the service plan(s) ${ems}`],
    ["exclusive plans", `License assignment failed because service plans ${ems},${ems} are mutually exclusive`],
  ];
  for (const [title, message] of certain) {
    it(`is asked for once a run where Graph refuses it for ${title}`, async () => {
      const { stack } = await owing(EVERYONE, { status: 400, message });
      assert.equal(putBacks, 1, "by the run that took it");
      await stack.up();
      assert.equal(removals(), 1, "by the run that was to pay");
    });
  }

  it("is paid where the group no longer has the user: that was so when the proof failed, and no person's word", async () => {
    const { stack, trouble } = await owing();
    trouble.remove();
    const since = rig.emulator.clock.now();
    rig.emulator.tenant.as("hr@contoso.com").leaveGroup(upn("cleo"), "All users");
    assert.ok(since);
    rig.emulator.faults.add({ match: { path: /^\/auditLogs/ }, then: { status: 403 } });
    await stack.up();
    assert.equal(directOf(CLEO).length, 1, "without evidence it is paid");
  });

  it("ends when a person takes the user out of the group, as the audit log says", async () => {
    const { stack, trouble } = await owing();
    trouble.remove();
    rig.emulator.clock.advance(60_000);
    rig.emulator.tenant.as("hr@contoso.com").leaveGroup(upn("cleo"), "All users");
    rig.emulator.clock.advance(2 * 3_600_000);
    const { plan } = await stack.plan();
    assert.deepEqual(plan.debts.owed, []);
    assert.deepEqual(
      plan.debts.ended.map(({ how }) => how.kind === "taken-out" && how.actor),
      ["hr@contoso.com"],
    );
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(directOf(CLEO), []);
    assert.deepEqual((await stack.plan()).plan.debts, { owed: [], ended: [] }, "and is not judged again");
  });

  it("ends when the user is deleted", async () => {
    const { stack } = await owing();
    rig.emulator.tenant.removeUser(upn("cleo"));
    assert.deepEqual(
      (await stack.plan()).plan.debts.ended.map(({ how }) => how.kind),
      ["deleted"],
    );
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual((await stack.plan()).plan.debts, { owed: [], ended: [] });
  });

  it("ends by licensing:writtenOff, and stays ended", async () => {
    const { stack } = await owing();
    stack.file = { ...EVERYONE, writtenOff: [upn("cleo")] };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(directOf(CLEO), []);
    const { plan } = await stack.plan();
    assert.deepEqual([plan.debts, plan.waves[0]?.hold], [{ owed: [], ended: [] }, null]);
  });

  it("stays open while it cannot be paid: the row says why, and no wave removes anything", async () => {
    const { stack } = await owing();
    rig.emulator.tenant.assignDirect(upn("ada"), "EMS");
    const { ran, unfinished } = await stack.up();
    assert.deepEqual([ran, unfinished.length], [["debts"], 1]);
    assert.match(
      unfinished.join(),
      /^1 user is still owed a direct licence: .* available licenses\. .*licensing:writtenOff/,
    );
    assert.equal(directOf(idOf("ada")).length, 1);
    assert.equal((await stack.plan()).plan.debts.owed.length, 1);
  });

  it("a word in writtenOff that names no user is a note, and ends nothing", async () => {
    const { stack } = await owing();
    stack.file = { ...EVERYONE, writtenOff: ["nobody@contoso.com"] };
    const { plan } = await stack.plan();
    assert.equal(plan.debts.owed.length, 1);
    assert.ok(
      plan.findings.some(({ code, message }) => code === "name-gone" && message.includes("nobody@contoso.com")),
    );
  });

  it("is a change as long as it is open, in any state of its row", () => {
    const hasChanges = (owed: CountsByName, ended: CountsByName) =>
      directLicenseDebts.hasChanges({ owed, ended } as DebtsInputs, { owed, paid: {}, __settled: [] });
    assert.deepEqual([hasChanges({ EMS: 1 }, {}), hasChanges({}, { EMS: 1 }), hasChanges({}, {})], [true, true, false]);
  });

  describe("a moved user that lacks a plan since", () => {
    it("gets the licence back by the next run, which removes nothing", async () => {
      const stack = new SmallStack(rig, EVERYONE);
      assert.deepEqual((await stack.up()).unfinished, []);
      setInherited("Error");
      rig.emulator.tenant.assignDirect(upn("ada"), "EMS");
      assert.ok((await stack.preview()).includes("debts"));
      assert.deepEqual((await stack.up()).unfinished, []);
      assert.equal(directOf(CLEO).length, 1);
      assert.equal(directOf(idOf("ada")).length, 1, "the waves are held");
      assert.deepEqual((await stack.plan()).plan.debts.owed, []);
    });

    it("stays reported where there is no seat for it", async () => {
      const stack = new SmallStack(rig, EVERYONE);
      await stack.up();
      setInherited("Error");
      rig.emulator.faults.add({ match: { path: /assignLicense/, userId: CLEO }, then: NO_SEAT });
      assert.match((await stack.up()).unfinished.join(), /still owed/);
      assert.ok((await stack.preview()).includes("debts"));
    });
  });
});
