import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack, type SmallStackFile } from "./small-stack";
import { e3, GROUPS, tenant, upn } from "./tenants";

const EVERYONE: SmallStackFile = { groups: GROUPS, waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
const NEW = { servicePlanId: "aaaaaaaa-0000-4000-8000-000000000001", servicePlanName: "MICROSOFT_X" };

describe("a plan that Microsoft adds to a SKU", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const people = () => rig.emulator.tenant;
  const addIt = () => people().addServicePlan("ENTERPRISEPACK", NEW);
  const addedIn = async (stack: SmallStack) => (await stack.plan()).plan.addedPlans;
  const FOUND = { group: "finance", skuId: e3, planId: NEW.servicePlanId, members: 2 };

  /** All users are moved, and rest. */
  async function moved(): Promise<SmallStack> {
    const stack = new SmallStack(rig, EVERYONE);
    await stack.up();
    assert.deepEqual(await stack.preview(), []);
    return stack;
  }

  it("fails the nightly check until an up has taken note of it, which writes nothing to the tenant", async () => {
    rig.start(tenant());
    const stack = await moved();
    addIt();
    for (const night of [1, 2]) {
      assert.deepEqual(await addedIn(stack), [FOUND], `night ${night}`);
      assert.deepEqual(await stack.preview(), ["finance"], `night ${night}`);
    }
    const before = rig.emulator.requests.writes().length;
    assert.deepEqual(await stack.up(), { ran: ["finance"], unfinished: [] });
    assert.equal(rig.emulator.requests.writes().length, before);
    assert.deepEqual(await addedIn(stack), []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("blocks no user: users not moved yet go on inheriting it, and the wave runs", async () => {
    rig.start(tenant());
    const stack = new SmallStack(rig, { ...EVERYONE, applyThrough: null });
    await stack.up();
    addIt();
    stack.file = EVERYONE;
    const { plan } = await stack.plan();
    assert.deepEqual(plan.addedPlans, [FOUND]);
    assert.deepEqual(
      plan.waves.flatMap(({ slices, refusal }) => [refusal, ...slices.flatMap(({ blocked }) => blocked)]),
      [null],
    );
    assert.deepEqual((await stack.up()).unfinished, []);
    assert.deepEqual(people().directAssignments(), []);
    assert.ok(people().effectivePlans(upn("ada")).includes(NEW.servicePlanId));
    assert.deepEqual(rig.emulator.history.losses(), []);
  });

  it("can be switched off with an accepted loss, and that ends it", async () => {
    rig.start(tenant());
    const [all, finance] = GROUPS;
    assert.ok(all !== undefined && finance !== undefined);
    const stack = await moved();
    addIt();
    const without = { ...finance, licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: ["MICROSOFT_X"] }] };
    stack.file = { ...EVERYONE, groups: [all, without] };
    const refusal = (await stack.plan()).plan.groups.map((group) => group.refusal ?? "").join("");
    assert.match(refusal, /would take MICROSOFT_X from 2 users/, "members can use it: the file has to say so twice");
    stack.file = {
      ...stack.file,
      acceptLoss: [{ group: "finance", sku: "ENTERPRISEPACK", plans: ["MICROSOFT_X"] }],
    };
    assert.deepEqual(await addedIn(stack), []);
    assert.deepEqual((await stack.up()).unfinished, []);
    rig.emulator.clock.advance(600_000);
    assert.ok(!people().effectivePlans(upn("ada")).includes(NEW.servicePlanId));
    assert.deepEqual(await stack.preview(), []);
    const lost = rig.emulator.history.losses().flatMap(({ planIds }) => planIds);
    assert.deepEqual(lost, [NEW.servicePlanId, NEW.servicePlanId], "that plan alone, from the two members");
  });
});
