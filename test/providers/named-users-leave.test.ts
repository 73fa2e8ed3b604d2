import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { GROUPS, idOf, tenant, upn } from "./tenants";

describe("users that the stack file names leave the company", function () {
  this.timeout(120_000);
  const rig = rigOf();

  it("the nightly check stays green with a note, and the next wave goes on", async () => {
    rig.start(tenant());
    const waves = [wave("canary", { kind: "users", users: [upn("ada"), idOf("ben")] }), wave("everyone", percent(100))];
    const stack = new SmallStack(rig, { groups: GROUPS, waves, applyThrough: "canary", moveLast: [upn("fay")] });
    assert.deepEqual((await stack.up()).unfinished, []);
    for (const name of ["ada", "ben", "fay"]) rig.emulator.tenant.removeUser(upn(name));

    assert.deepEqual(await stack.preview(), []);
    const { findings } = (await stack.plan()).plan;
    const notes = findings.filter(({ code }) => code === "name-gone");
    assert.deepEqual(
      notes.map(({ severity, message }) => `${severity} ${message.split(":", 2).join(":")}`),
      ["note licensing:waves[0].users[0]", "note licensing:waves[0].users[1]", "note licensing:moveLast[0]"],
    );

    stack.file = { ...stack.file, applyThrough: "everyone" };
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(rig.emulator.tenant.directAssignments(), []);
  });

  it("a word added to moveLast is on record after the next up", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, { groups: GROUPS, waves: [wave("everyone", percent(100))] });
    await stack.up();
    stack.file = { ...stack.file, moveLast: [upn("fay")] };
    assert.deepEqual((await stack.up()).ran, ["inheritance"]);
    assert.deepEqual((await stack.up()).ran, []);
    rig.emulator.tenant.removeUser(upn("fay"));
    assert.deepEqual(await stack.preview(), []);
  });
});
