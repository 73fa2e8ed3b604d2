import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { ems, GROUPS, idOf, tenant, upn } from "./tenants";

const HOUR_MS = 3_600_000;
const EVERYONE = { groups: GROUPS, waves: [wave("everyone", percent(100))] };

describe("a run that was killed behind a removal", function () {
  this.timeout(120_000);
  const rig = rigOf();
  let stack: SmallStack;

  beforeEach(async () => {
    rig.start(tenant());
    stack = new SmallStack(rig, { ...EVERYONE, applyThrough: null });
    assert.deepEqual((await stack.up()).unfinished, []);
    rig.emulator.clock.advance(HOUR_MS);
    stack.file = { ...EVERYONE, applyThrough: "everyone" };
  });

  const leave = (name: string) => {
    rig.emulator.tenant.as("hr@contoso.com").leaveGroup(upn(name), "All users");
  };
  const directOf = (name: string) =>
    rig.emulator.tenant.directAssignments().filter(({ userId }) => userId === idOf(name));
  /** What such a run leaves: its removals in the tenant, and none of them in the state of the part. */
  async function killed(): Promise<void> {
    const before = stack.outputs("everyone-1");
    await stack.up();
    stack.rewrite("everyone-1", () => before);
  }

  it("owes the licence to a user that left in that second, and the next run gives it back", async () => {
    await killed();
    leave("cleo");
    rig.emulator.clock.advance(2 * HOUR_MS);
    const { plan } = await stack.plan();
    assert.deepEqual(
      plan.debts.owed.map(({ userId, license }) => [userId, license.skuId]),
      [[idOf("cleo"), ems]],
    );
    assert.deepEqual([plan.departures, plan.waves[0]?.hold?.kind], [[], "debts"]);
    assert.deepEqual((await stack.up()).ran, ["debts"]);
    assert.equal(directOf("cleo").length, 1);
    assert.deepEqual((await stack.up()).unfinished, []);
    const settled = (await stack.plan()).plan;
    assert.deepEqual([settled.debts, settled.departures], [{ owed: [], ended: [] }, []]);
    assert.deepEqual(await stack.preview(), []);
  });

  it("owes nothing to a user that a person took out of the group later, as the audit log says", async () => {
    await killed();
    rig.emulator.clock.advance(24 * HOUR_MS);
    leave("cleo");
    rig.emulator.clock.advance(2 * HOUR_MS);
    const { debts } = (await stack.plan()).plan;
    assert.deepEqual([debts.owed, debts.ended.map(({ how }) => how.kind)], [[], ["taken-out"]]);
    await stack.up();
    assert.deepEqual((await stack.plan()).plan.departures, [idOf("cleo")]);
    assert.equal(directOf("cleo").length, 0);
  });

  it("owes nothing to a user that had left before it began", async () => {
    leave("cleo");
    rig.emulator.tenant.removeDirect(upn("cleo"), "EMS");
    await killed();
    const { plan } = await stack.plan();
    assert.deepEqual([plan.debts.owed, plan.departures], [[], [idOf("cleo")]]);
  });

  it("is told from one that came to its end", async () => {
    await stack.up();
    leave("cleo");
    rig.emulator.clock.advance(2 * HOUR_MS);
    const { plan } = await stack.plan();
    assert.deepEqual([plan.debts.owed, plan.departures], [[], [idOf("cleo")]]);
  });
});
