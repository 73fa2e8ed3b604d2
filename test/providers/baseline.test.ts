import assert from "node:assert/strict";
import { directLicenseBaseline } from "../../dynamic-providers/direct-license-baseline";
import { unpackBaseline } from "../../licensing/record/baseline";
import { count, percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { ems, e3, GROUPS, idOf, tenant, upn } from "./tenants";

const WAVES = [wave("canary", count(2)), wave("everyone", percent(100))];

describe("DirectLicenseBaseline", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const people = () => rig.emulator.tenant;
  const stackThrough = (applyThrough: string | null) =>
    new SmallStack(rig, { groups: GROUPS, waves: WAVES, applyThrough });
  const recorded = (stack: SmallStack, name: string) => unpackBaseline(stack.baseline().__entries).get(idOf(name));
  const release = (stack: SmallStack) => directLicenseBaseline.release(stack.baseline(), rig.host);

  it("has the direct licences of all users, with the disabled plans, before anything is removed", async () => {
    rig.start(tenant({ direct: [{ sku: "EMS", disabledPlans: ["INTUNE_A"] }] }));
    const stack = stackThrough(null);
    await stack.up();
    assert.deepEqual([stack.baseline().users, stack.baseline().assignments], [6, { EMS: 6, ENTERPRISEPACK: 2 }]);
    assert.deepEqual(
      recorded(stack, "cleo"),
      new Map([[ems, { skuId: ems, disabledPlans: [people().plan("INTUNE_A")] }]]),
    );
    assert.deepEqual([...(recorded(stack, "ada")?.keys() ?? [])].sort(), [ems, e3].sort());
    assert.deepEqual(rig.emulator.requests.writes(), []);
  });

  it("keeps everything through the waves and afterwards", async () => {
    rig.start(tenant());
    const stack = stackThrough(null);
    await stack.up();
    const first = stack.baseline();
    stack.file = { ...stack.file, applyThrough: "everyone" };
    await stack.up();
    await stack.up();
    const { __begun: begun, ...kept } = stack.baseline();
    assert.deepEqual(kept, first);
    assert.deepEqual(
      begun?.waves.map((each) => each.wave),
      ["canary", "everyone"],
      "what the last run was about to remove",
    );
  });

  it("grows by newcomers and new SKUs, and keeps what was first for those it knows", async () => {
    rig.start(tenant());
    const stack = stackThrough("everyone");
    await stack.up();
    people().addUser({ userPrincipalName: upn("gus"), licenses: [{ sku: "EMS" }] });
    people().assignDirect(upn("cleo"), "EMS", ["INTUNE_A"]);
    people().assignDirect(upn("dan"), "ENTERPRISEPACK");
    assert.ok((await stack.up()).ran.includes("baseline"));
    assert.deepEqual([stack.baseline().users, stack.baseline().assignments], [7, { EMS: 7, ENTERPRISEPACK: 3 }]);
    assert.deepEqual(recorded(stack, "cleo")?.get(ems)?.disabledPlans, []);
  });

  it("is not let go while a user lacks what it records", async () => {
    rig.start(tenant());
    const stack = stackThrough("canary");
    await stack.up();
    await assert.rejects(
      release(stack),
      /^Refusal: 2 users no longer hold directly what the baseline records.*pulumi state delete --all --force/,
    );
    assert.deepEqual(rig.emulator.requests.writes().length, 2, "nothing but the canary's removals");
  });

  it("is let go when nothing was removed, when all is back, and when the users lacking it are gone", async () => {
    rig.start(tenant());
    const stack = stackThrough(null);
    await stack.up();
    await release(stack);
    people().removeDirect(upn("cleo"), "EMS");
    await assert.rejects(release(stack), /1 user/);
    people().assignDirect(upn("cleo"), "EMS");
    await release(stack);
    people().removeDirect(upn("ada"), "ENTERPRISEPACK");
    await assert.rejects(release(stack), /1 user/, "one of two is one too few");
    people().assignDirect(upn("ada"), "ENTERPRISEPACK");
    people().removeUser(upn("dan"));
    await release(stack);
  });

  it("is not let go while a user cannot be read: unknown is not safe", async () => {
    rig.start(tenant());
    const stack = stackThrough(null);
    await stack.up();
    rig.emulator.faults.add({ match: { method: "GET", userId: idOf("dan") }, then: { status: 403 } });
    await assert.rejects(
      release(stack),
      new RegExp(
        `^Refusal: The user ${idOf("dan")}, who is on record, cannot be read .*Nothing was changed\\. Ways out: `,
      ),
    );
  });
});
