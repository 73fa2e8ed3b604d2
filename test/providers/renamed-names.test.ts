import assert from "node:assert/strict";
import { percent, wave } from "../licensing/builders";
import { rigOf } from "./rig";
import { SmallStack } from "./small-stack";
import { GROUPS, tenant, upn } from "./tenants";

const NAME = "YAMMER_ENTERPRISE";

describe("a service plan of the stack file that Microsoft renames or retires after the move", function () {
  this.timeout(120_000);
  const rig = rigOf();

  const people = () => rig.emulator.tenant;
  const told = async (stack: SmallStack) =>
    (await stack.plan()).plan.findings
      .filter(({ code }) => code === "name-changed")
      .map(({ about, message, remedy }) => `${about}: ${message}. ${remedy}`);

  /** Finance gets ENTERPRISEPACK without the plan, and all users are moved. */
  async function moved(): Promise<SmallStack> {
    rig.start(tenant({ finance: [{ sku: "ENTERPRISEPACK", disabledPlans: [NAME] }] }));
    const disabledPlans = [people().plan(NAME)];
    for (const name of ["ada", "ben"]) people().assignDirect(upn(name), "ENTERPRISEPACK", disabledPlans);
    const [all, finance] = GROUPS;
    assert.ok(all !== undefined && finance !== undefined);
    const narrow = { ...finance, licenses: [{ sku: "ENTERPRISEPACK", disabledPlans: [NAME] }] };
    const file = { groups: [all, narrow], waves: [wave("everyone", percent(100))], applyThrough: "everyone" };
    const stack = new SmallStack(rig, file);
    await stack.up();
    assert.deepEqual(await stack.preview(), []);
    assert.deepEqual(await told(stack), []);
    return stack;
  }

  it("renamed, it stays off, and the new name is said", async () => {
    const stack = await moved();
    const servicePlanId = people().plan(NAME);
    people().removeServicePlan("ENTERPRISEPACK", NAME);
    people().addServicePlan("ENTERPRISEPACK", { servicePlanId, servicePlanName: "VIVA_ENGAGE_CORE" });
    const [note = "", ...more] = await told(stack);
    assert.match(note, /^finance: .*"YAMMER_ENTERPRISE".*Write VIVA_ENGAGE_CORE under disabledPlans/);
    assert.deepEqual(more, []);
    assert.deepEqual(await stack.preview(), []);
  });

  it("retired, it is told from a misspelt one, run after run", async () => {
    const stack = await moved();
    people().removeServicePlan("ENTERPRISEPACK", NAME);
    for (let run = 1; run <= 2; run += 1) {
      assert.match(
        (await told(stack)).join(),
        /no longer has the service plan "YAMMER_ENTERPRISE".*out of disabledPlans/,
      );
      await stack.up();
    }
    assert.deepEqual(await stack.preview(), []);
  });
});
