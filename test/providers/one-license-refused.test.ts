import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { e3, ems, GROUPS, idOf, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const BACK: SmallStackFile = { ...EVERYONE, waves: [wave("everyone", percent(100), { rollback: "all" })] };
const ADA = idOf("ada");

describe("one of a user's licences is refused", function () {
  this.timeout(30_000);
  const rig = rigOf({}, () => tenant());

  const directOf = (id: string) =>
    rig.emulator.tenant
      .directAssignments()
      .filter(({ userId }) => userId === id)
      .map(({ skuId }) => skuId);

  it("a rollback gives back the others", async () => {
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    rig.emulator.tenant.leaveGroup(upn("ada"), "Finance department");
    rig.emulator.clock.advance(3_600_000);
    rig.emulator.tenant.setSeats("ENTERPRISEPACK", 1);
    stack.file = BACK;
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(directOf(ADA), [ems]);
    assert.deepEqual(stack.wave().notRestoredBySku, { ENTERPRISEPACK: 1 });
    const [planned] = (await stack.plan()).plan.waves;
    assert.deepEqual(
      planned?.slices.flatMap(({ restores }) => restores),
      [],
      "what this very run has given her is no reason to try again",
    );
    assert.deepEqual(await stack.preview(), []);
    rig.emulator.tenant.setSeats("ENTERPRISEPACK", 20);
    assert.deepEqual(await stack.preview(), ["everyone-1"], "a free seat is");
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(directOf(ADA).sort(), [ems, e3].sort());
  });

  it("a seat that is free again before the run ends is a reason to try again", async () => {
    const stack = new SmallStack(rig, EVERYONE);
    assert.deepEqual((await stack.up()).unfinished, []);
    rig.emulator.tenant.leaveGroup(upn("ada"), "Finance department");
    rig.emulator.clock.advance(3_600_000);
    rig.emulator.tenant.setSeats("ENTERPRISEPACK", 1);
    const { host } = rig;
    host.status = (_urn, text) => {
      if (text.startsWith("put back ")) rig.emulator.tenant.setSeats("ENTERPRISEPACK", 20);
      return Promise.resolve();
    };
    stack.file = BACK;
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(directOf(ADA), [ems]);
    assert.deepEqual(await stack.preview(), ["everyone-1"]);
  });

  it("a put-back gives back the others, and owes that one alone", async () => {
    rig.emulator.faults.add({
      match: { path: /assignLicense/, userId: ADA },
      times: 1,
      then: () => {
        rig.emulator.tenant.leaveGroup(upn("ada"), "All users");
        rig.emulator.tenant.leaveGroup(upn("ada"), "Finance department");
        rig.emulator.tenant.dropSku("ENTERPRISEPACK");
      },
    });
    const stack = new SmallStack(rig, EVERYONE);
    const { unfinished } = await stack.up();
    assert.match(unfinished.join(), /ENTERPRISEPACK COULD NOT be put back/);
    assert.deepEqual(directOf(ADA), [ems]);
    assert.deepEqual(
      (await stack.plan()).plan.debts.owed.map(({ license }) => license.skuId),
      [e3],
    );
  });
});
