import assert from "node:assert/strict";
import type { FaultEffect } from "../../emulator";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { GROUPS, idOf, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const CLEO = idOf("cleo");
const HER_WRITE = { path: /assignLicense/, userId: CLEO };
const HER_READ = { method: "GET", path: /^\/users\/[^/?]+\?/, userId: CLEO };

describe("a write that is answered with success and changes nothing", function () {
  this.timeout(120_000);
  const rig = rigOf({}, () => tenant());

  const direct = () => rig.emulator.tenant.directAssignments().map(({ userId }) => userId);
  const slept = () => rig.host.sleeps.reduce((sum, ms) => sum + ms, 0);

  /** From her write on, so many reads show her as she was before it. */
  function staleReads(times: number): void {
    let before: unknown = null;
    const keep: FaultEffect = { rewrite: (body) => (before = body) };
    rig.emulator.faults.add({ match: HER_READ, then: keep });
    const stale: FaultEffect = { rewrite: () => before };
    rig.emulator.faults.add({
      match: HER_WRITE,
      times: 1,
      then: () => {
        rig.emulator.faults.clear();
        rig.emulator.faults.add({ match: HER_READ, times, then: stale });
      },
    });
  }

  it("a removal that is not seen after minutes is not done: it is left to do, and the next run does it", async () => {
    const rule = rig.emulator.faults.add({ match: HER_WRITE, then: "ignored" });
    const stack = new SmallStack(rig, EVERYONE);
    const [reason = ""] = (await stack.up()).unfinished;
    assert.match(
      reason,
      /Graph answered that the direct licences of 1 user were removed, and still shows them 3 minutes later/,
    );
    const { status, doneAt, lastRemoved, pending } = stack.wave();
    assert.deepEqual(
      [status, doneAt, lastRemoved, pending],
      ["halted", null, { EMS: 5, ENTERPRISEPACK: 2 }, { EMS: 1 }],
    );
    assert.ok(slept() >= 3 * 60_000 && slept() < 5 * 60_000, `${slept()} ms`);
    assert.ok(rig.host.statuses.includes("waiting for Graph to show 1 removal"));
    assert.equal(rule.hits, 1, "it is not simply sent again");
    rule.remove();
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual([direct(), stack.wave().status, rig.emulator.history.losses()], [[], "done", []]);
  });

  it("a read that is behind is made again until it shows the removal", async () => {
    staleReads(4);
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.ok(slept() > 0 && slept() < 60_000, `${slept()} ms`);
    assert.deepEqual([direct(), stack.wave().lastRemoved], [[], { EMS: 6, ENTERPRISEPACK: 2 }]);
  });

  it("a read that is behind does not pass as a good one: what is missing behind it is put back", async () => {
    staleReads(3);
    rig.host.onSleep = () =>
      rig.emulator.tenant.setAssignmentState(upn("cleo"), "EMS", "All users", { state: "Error", error: "Other" });
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(reason, /misses .* after the removal; the direct licence was put back/);
    assert.deepEqual(direct(), [CLEO]);
  });

  it("a put-back is believed when a read shows it: one that changed nothing is made again", async () => {
    rig.emulator.faults.add({
      match: HER_WRITE,
      times: 1,
      then: () => {
        rig.emulator.tenant.setAssignmentState(upn("cleo"), "EMS", "All users", { state: "Error", error: "Other" });
        rig.emulator.faults.add({ match: HER_WRITE, times: 2, then: "ignored" });
      },
    });
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(reason, /the direct licence was put back/);
    assert.deepEqual(direct(), [CLEO]);
  });

  it("so is what a rollback puts back", async () => {
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    stack.file = { ...EVERYONE, waves: [wave("everyone", percent(100), { rollback: true })] };
    rig.emulator.faults.add({ match: HER_WRITE, times: 2, then: "ignored" });
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.ok(direct().includes(CLEO));
  });

  it("a put-back that is never seen is reported loudly, with the user", async () => {
    rig.emulator.faults.add({
      match: HER_WRITE,
      times: 1,
      then: () => {
        rig.emulator.tenant.setAssignmentState(upn("cleo"), "EMS", "All users", { state: "Error", error: "Other" });
        rig.emulator.faults.add({ match: HER_WRITE, then: "ignored" });
      },
    });
    const [reason = ""] = (await new SmallStack(rig, EVERYONE).up()).unfinished;
    assert.match(
      reason,
      /COULD NOT be put back: Graph answered that the write was done, and a read does not show it, so it counts as not done yet/,
    );
    assert.doesNotMatch(reason, /answer to a write was lost/, "no answer was lost");
  });
});
