import assert from "node:assert/strict";
import { mock } from "node:test";
import type { Emulator } from "../../emulator";
import { TenantClock } from "../../emulator/clock";
import type { GraphClient } from "./graph-client";
import { oneEmulator } from "./one-emulator";
import { add, e3, ems, remove } from "./small-tenant";

describe("embedded Graph: the history", () => {
  let emulator: Emulator;
  let client: GraphClient;
  oneEmulator((...started) => ([emulator, client] = started));

  const ada = () => emulator.tenant.user("ada@contoso.com").id;
  const assign = (body: unknown) => client.post("/users/ada@contoso.com/assignLicense", body);

  it("catches a loss that was over before anybody looked", async () => {
    await assign(remove(ems));
    emulator.clock.advance(5_000);
    await assign(add(ems));
    const [loss, ...others] = emulator.history.losses();
    assert.equal(others.length, 0);
    assert.equal(loss?.userId, ada());
    assert.deepEqual(loss.cause, {
      by: emulator.credentials().AZURE_CLIENT_ID,
      who: "migration",
      what: "assignLicense on a user",
      inBackground: false,
    });
    assert.equal(emulator.history.servicesLost(), 6, "the plan that applies to the company is not hers to lose");
    const [before, without, again] = emulator.history.of(ada());
    assert.deepEqual([without?.planIds, again?.planIds], [[], before?.planIds]);
    assert.equal(Number(again?.at) - Number(without?.at), 5_000);
  });

  it("dates a loss as its transition, though the clock goes on between two readings", async () => {
    let ms = emulator.clock.now().getTime();
    const ticking = mock.method(TenantClock.prototype, "nowMs", () => ms++);
    await assign(remove(ems)).finally(() => {
      ticking.mock.restore();
    });
    assert.deepEqual(emulator.history.losses()[0]?.at, emulator.history.of(ada()).at(-1)?.at);
  });

  it("sees no loss where the same plans come from elsewhere", async () => {
    emulator.tenant.setGroupLicenses("Staff", [{ sku: "EMS" }]);
    emulator.clock.advance(10_000);
    await assign(remove(ems));
    assert.equal(emulator.history.of(ada()).length, 1);
    assert.equal(emulator.history.servicesLost(), 0);
  });

  it("sees the one plan that a narrower group licence takes away", async () => {
    emulator.tenant.setGroupLicenses("Staff", [{ sku: "EMS", disabledPlans: ["INTUNE_A"] }]);
    emulator.clock.advance(10_000);
    await assign(remove(ems));
    assert.deepEqual(
      emulator.history.losses().map((loss) => loss.planIds),
      [[emulator.tenant.plan("INTUNE_A")]],
    );
  });

  it("does not count an inherited licence in error as one to be used", async () => {
    emulator.tenant.setAssignmentState("ada@contoso.com", "EMS", "Staff", { state: "Error", error: "Other" });
    await assign(remove(ems));
    assert.equal(emulator.history.losses().length, 1);
  });

  it("can leave out what other people did, in the background as well", async () => {
    const app = emulator.credentials().AZURE_CLIENT_ID;
    const id = ada();
    emulator.tenant.setGroupLicenses("Staff", [{ sku: "EMS" }]);
    emulator.clock.advance(10_000);
    emulator.tenant.leaveGroup("cleo@contoso.com", "Staff");
    emulator.clock.advance(600_000);
    await client.post("/users/ben@contoso.com/assignLicense", remove(e3));
    emulator.tenant.removeUser("ada@contoso.com");
    const losses = (filter: object) => emulator.history.losses(filter).map((loss) => loss.cause.what);
    assert.deepEqual(losses({}), [
      "left a group, after: removed a member",
      "assignLicense on a user",
      "deleted a user",
    ]);
    assert.deepEqual(losses({ except: "people" }), ["assignLicense on a user"]);
    assert.deepEqual(losses({ by: app }), ["assignLicense on a user"]);
    assert.equal(losses({ except: app }).length, 2);
    assert.deepEqual(losses({ userId: id }), ["deleted a user"]);
  });

  it("tells a plan that Microsoft adds, and one that it takes away", () => {
    emulator.tenant.addServicePlan("EMS", {
      servicePlanId: "99999999-0000-4000-8000-000000000001",
      servicePlanName: "NEW_SERVICE",
    });
    assert.ok(emulator.tenant.effectivePlans("ada@contoso.com").includes("99999999-0000-4000-8000-000000000001"));
    assert.equal(emulator.history.of(ada()).length, 2);
    emulator.tenant.removeServicePlan("EMS", "INTUNE_A");
    assert.equal(emulator.history.servicesLost(), 2);
    assert.equal(emulator.history.servicesLost({ except: "people" }), 0);
  });

  it("counts removals of direct assignments by SKU, and seats over time", async () => {
    await client.post("/users/ben@contoso.com/assignLicense", remove(ems, e3));
    emulator.tenant.removeDirect("ada@contoso.com", "EMS");
    assert.deepEqual(Object.fromEntries(emulator.history.removals()), { [ems]: 2, [e3]: 1 });
    assert.deepEqual(Object.fromEntries(emulator.history.removals({ except: "people" })), { [ems]: 1, [e3]: 1 });
    const { first, now, highest, over } = emulator.history.seats(ems);
    assert.deepEqual([first, now, highest, over.map((point) => point.used)], [2, 0, 2, [2, 1, 0]]);
  });

  it("begins anew with the tenant", () => {
    emulator.tenant.removeDirect("ada@contoso.com", "EMS");
    emulator.reset();
    assert.equal(emulator.history.losses().length, 0);
    assert.equal(emulator.tenant.directAssignmentCount("EMS"), 2);
  });
});
