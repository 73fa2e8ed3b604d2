import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { GROUPS, NAMES, tenant, upn } from "./tenants";

describe("a removal without a record", () => {
  const rig = rigOf();
  beforeEach(() => {
    rig.start(tenant());
  });

  const stackOf = (applyThrough: string | null = "everyone") =>
    new SmallStack(rig, { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough });
  const direct = () => rig.emulator.tenant.directAssignmentCount("EMS");
  const leftOut = (stack: SmallStack) => stack.up(undefined, ["baseline"]);

  it("is refused where a run leaves the baseline out, and says how many users are not on record", async () => {
    const stack = stackOf();
    await assert.rejects(leftOut(stack), {
      message: /^wave everyone \(1 of 1\) was not begun: 6 users have direct licences that are not in the baseline /,
    });
    assert.equal(direct(), NAMES.length);
  });

  it("is refused for users that came after the baseline, and goes on with the next run that has it", async () => {
    const stack = stackOf(null);
    await stack.up();
    rig.emulator.tenant.addUser({ userPrincipalName: upn("gil"), licenses: [{ sku: "EMS" }] });
    rig.emulator.tenant.joinGroup(upn("gil"), "All users");
    stack.file = { ...stack.file, applyThrough: "everyone" };
    await assert.rejects(leftOut(stack), { message: /: 1 user has a direct licence that is not in the baseline / });
    assert.equal(direct(), NAMES.length + 1);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(direct(), 0);
  });

  it("is none where a licence comes from an unknown source: it is in no baseline, and holds no user up", async () => {
    rig.emulator.tenant.addHiddenLicense(upn("fay"), "MCOEV");
    const stack = stackOf();
    stack.file = {
      ...stack.file,
      groups: GROUPS.map((group) =>
        group.name === "finance"
          ? { ...group, licenses: [...group.licenses, { sku: "MCOEV", disabledPlans: [] }] }
          : group,
      ),
    };
    await stack.up();
    assert.deepEqual(stack.wave().stays, { "held from an unknown source": 1 });
    rig.emulator.tenant.assignDirect(upn("cleo"), "ENTERPRISEPACK");
    rig.emulator.tenant.joinGroup(upn("cleo"), "Finance department");
    rig.emulator.clock.advance(60_000);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("is refused where all of them were on record before the run: after a kill nothing would say what it was about to remove", async () => {
    const stack = stackOf(null);
    await stack.up();
    stack.file = { ...stack.file, applyThrough: "everyone" };
    await assert.rejects(leftOut(stack), {
      message:
        /^wave everyone \(1 of 1\) was not begun: the state would not know what it was about to remove, because this run leaves the baseline out/,
    });
    assert.equal(direct(), NAMES.length);
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.equal(direct(), 0);
    assert.deepEqual((await leftOut(stack)).unfinished, [], "where nothing is to be removed, nothing is refused");
  });

  it("is no matter of a preview, in which nothing is done", async () => {
    assert.deepEqual((await stackOf().preview()).slice(-2), ["baseline", "everyone-1"]);
  });

  it("is refused behind a baseline that the state has not, though the wave waits", async () => {
    await assert.rejects(leftOut(stackOf(null)), {
      message: /^it depends on 'baseline', which the state does not have yet and this run leaves out/,
    });
  });
});
