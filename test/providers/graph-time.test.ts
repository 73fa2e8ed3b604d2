import assert from "node:assert/strict";
import { count, percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { GROUPS, tenant } from "./tenants";

const HOUR = 3_600_000;
const WAVES = [wave("canary", count(2), { soakMs: 24 * HOUR }), wave("everyone", percent(100))];

describe("a soak, on a machine with a wrong clock", function () {
  this.timeout(120_000);
  const rig = rigOf();
  let stack: SmallStack;

  beforeEach(() => {
    rig.start(tenant());
    stack = new SmallStack(rig, { groups: GROUPS, waves: WAVES, applyThrough: "everyone" });
  });

  const moved = () => new Set(rig.emulator.tenant.directAssignments("EMS").map(({ userId }) => userId)).size;

  it("is counted from Graph's time where the machine was a day behind, and is right the next time", async () => {
    rig.host.clockOffMs = -24 * HOUR;
    const doneAt = rig.emulator.clock.now().toISOString();
    await stack.up();
    assert.equal(stack.outputs("canary-1")["doneAt"], doneAt);
    rig.host.clockOffMs = 0;
    await stack.up();
    assert.equal(moved(), 4, "not an hour has passed");
  });

  it("is not over because the machine is a day ahead", async () => {
    await stack.up();
    rig.host.clockOffMs = 25 * HOUR;
    await stack.up();
    assert.equal(moved(), 4);
    rig.host.clockOffMs = -25 * HOUR;
    rig.emulator.clock.advance(25 * HOUR);
    await stack.up();
    assert.equal(moved(), 0);
  });
});
