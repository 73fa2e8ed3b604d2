import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { GROUPS, idOf, NAMES, tenant, upn } from "./tenants";

const waves = (rollback: boolean | "all") => [wave("everyone", percent(100), { rollback })];
const FORWARD: SmallStackFile = { groups: GROUPS, waves: waves(false), applyThrough: "everyone" };

describe("a rollback of every user on record", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const direct = () => new Set(rig.emulator.tenant.directAssignments().map(({ userId }) => userId));

  /** All users are moved, and then the groups lose all of their members. */
  async function emptied(): Promise<SmallStack> {
    rig.start(tenant());
    const stack = new SmallStack(rig, FORWARD);
    assert.deepEqual((await stack.up()).unfinished, []);
    for (const name of NAMES) rig.emulator.tenant.leaveGroup(upn(name), "All users");
    for (const name of NAMES.slice(0, 2)) rig.emulator.tenant.leaveGroup(upn(name), "Finance department");
    rig.emulator.clock.advance(3_600_000);
    return stack;
  }

  it("true: only members get anything", async () => {
    const stack = await emptied();
    stack.file = { ...FORWARD, waves: waves(true) };
    const [planned] = (await stack.plan()).plan.waves;
    assert.deepEqual(planned?.departed, NAMES.map(idOf).sort(), "and the plan counts them");
    await stack.up();
    assert.deepEqual(direct(), new Set());
  });

  it("all: every user on record has back what they had, but disabled accounts, which are listed", async () => {
    const stack = await emptied();
    rig.emulator.tenant.setAccountEnabled(upn("dan"), false);
    rig.emulator.tenant.removeUser(upn("eve"));
    stack.file = { ...FORWARD, waves: waves("all") };
    const [planned] = (await stack.plan()).plan.waves;
    assert.deepEqual(planned?.disabled, [idOf("dan")]);
    assert.deepEqual((await stack.up()).unfinished, []);
    const back = NAMES.filter((name) => !["dan", "eve"].includes(name));
    assert.deepEqual(direct(), new Set(back.map(idOf)));
    assert.equal(rig.emulator.tenant.directAssignments().length, back.length + 2, "the first two hold two licences");
    assert.equal(stack.wave().status, "rolled-back");
    assert.deepEqual(await stack.preview(), []);
  });
});
