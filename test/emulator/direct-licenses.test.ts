import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { assertError, type GraphClient } from "./graph-client";
import { oneEmulator } from "./one-emulator";
import { add, e1, e3, ems, phone, remove, yammer } from "./small-tenant";

describe("embedded Graph: licences assigned to a user", () => {
  let emulator: Emulator;
  let client: GraphClient;
  oneEmulator((...started) => ([emulator, client] = started));

  const assign = (user: string, body: unknown) => client.post(`/users/${user}@contoso.com/assignLicense`, body);
  const states = async (user: string) =>
    (await client.get(`/users/${user}@contoso.com?$select=licenseAssignmentStates`)).json.licenseAssignmentStates;

  it("assigns at once, and answers with the user", async () => {
    const answer = await assign("cleo", add({ skuId: e3, disabledPlans: [yammer] }));
    assert.equal(answer.status, 200);
    assert.equal(answer.json.userPrincipalName, "cleo@contoso.com");
    assert.deepEqual(await states("cleo"), [
      {
        skuId: e3,
        disabledPlans: [yammer],
        assignedByGroup: null,
        state: "Active",
        error: "None",
        lastUpdatedDateTime: "2026-11-02T08:00:00Z",
      },
    ]);
  });

  it("replaces the disabled plans of a SKU that is already there, without a gap or a further seat", async () => {
    await assign("ben", add({ skuId: e3, disabledPlans: [yammer] }));
    assert.deepEqual(
      (await states("ben")).map((state) => state.disabledPlans),
      [[], [yammer]],
    );
    assert.equal(emulator.tenant.seatsUsed("ENTERPRISEPACK"), 1);
    assert.deepEqual(
      emulator.history.losses().map((loss) => loss.planIds),
      [[yammer]],
    );
  });

  it("takes adding and removing in one call as one step", async () => {
    const body = { addLicenses: [{ skuId: e1, disabledPlans: [] }], removeLicenses: [e3] };
    assert.equal((await assign("ben", body)).status, 200);
    const lost = emulator.history.losses().flatMap((loss) => loss.planIds);
    assert.ok(lost.includes(emulator.tenant.plan("EXCHANGE_S_ENTERPRISE")));
    assert.ok(!lost.includes(emulator.tenant.plan("TEAMS1")), "a plan in both SKUs was there all the time");
  });

  const errors = [
    {
      title: "removing a SKU that the user does not hold",
      user: "ada",
      body: remove(e3),
      message: "User does not have a corresponding license.",
    },
    {
      title: "adding without a usage location",
      user: "dan",
      body: add(e3),
      message: "License assignment cannot be done for user with invalid usage location.",
    },
    {
      title: "a SKU that the tenant does not have",
      user: "ada",
      body: add("99999999-9999-4999-8999-999999999999"),
      message: "License 99999999-9999-4999-8999-999999999999 does not correspond to a valid company License.",
    },
    {
      title: "a SKU that is not for users",
      user: "ada",
      body: add("11111111-1111-4111-8111-111111111111"),
      message: "License 11111111-1111-4111-8111-111111111111 cannot be assigned to a user.",
    },
    {
      title: "a missing prerequisite, on adding",
      user: "ada",
      body: add(phone),
      message:
        "License assignment failed because service plan 4828c8ec-dc2e-4779-b502-87ac9ce28ab7 depends on the service plan(s) 0feaeb32-d00e-4d66-bd5a-43b5b83db82c",
    },
    {
      title: "plans that exclude each other",
      user: "ben",
      body: add(e1),
      message:
        "License assignment failed because service plans efb87545-963c-4e0d-99df-69c6916d9eb0,9aaf7827-d63c-4b61-89c3-182f06f82e5c are mutually exclusive",
    },
    {
      title: "a skuId that is no GUID",
      user: "ada",
      body: add("EMS"),
      message:
        "Cannot convert a primitive value to the expected type 'Edm.Guid'. See the inner exception for more details.",
    },
    {
      title: "a missing array",
      user: "ada",
      body: { addLicenses: [] },
      message:
        "One or more parameters of the operation 'assignLicense' are missing from the request payload. The missing parameters are: removeLicenses.",
    },
  ];
  for (const { title, user, body, message } of errors) {
    it(`refuses ${title}, in Graph's words, and changes nothing`, async () => {
      const before = await states(user);
      assertError(await assign(user, body), 400, "Request_BadRequest", message);
      assert.deepEqual(await states(user), before);
      assert.equal(emulator.history.losses().length, 0);
    });
  }

  it("refuses a SKU of which no seat is left", async () => {
    emulator.tenant.setSeats("EMS", 2);
    assertError(
      await assign("cleo", add(ems)),
      400,
      "Request_BadRequest",
      `Subscription with SKU ${ems} does not have any available licenses.`,
    );
  });

  for (const status of ["Suspended", "LockedOut", "Deleted"]) {
    it(`refuses a SKU with a subscription that is ${status}, also to change its plans, and lets it be removed`, async () => {
      emulator.tenant.setSubscription("ENTERPRISEPACK", status);
      const message = `License ${e3} does not correspond to a valid company License.`;
      assertError(await assign("cleo", add(e3)), 400, "Request_BadRequest", message);
      assertError(await assign("ben", add(e3)), 400, "Request_BadRequest", message);
      assert.equal((await assign("ben", remove(e3))).status, 200);
    });
  }

  it("refuses to take away, or to switch off, what another plan of the user needs", async () => {
    assert.equal((await assign("ben", add(phone))).status, 200);
    const message =
      /^License assignment failed because service plan 4828c8ec-\S+ depends on the service plan\(s\) 0feaeb32-/;
    assertError(await assign("ben", remove(e3)), 400, "Request_BadRequest", message);
    const switchedOff = { skuId: e3, disabledPlans: ["0feaeb32-d00e-4d66-bd5a-43b5b83db82c"] };
    assertError(await assign("ben", add(switchedOff)), 400, "Request_BadRequest", message);
    assert.equal((await assign("ben", remove(e3, phone))).status, 200);
  });

  it("refuses to remove what is only inherited, and leaves what is also inherited", async () => {
    emulator.tenant.setGroupLicenses("Staff", [{ sku: "EMS" }]);
    emulator.clock.advance(10_000);
    assertError(
      await assign("cleo", remove(ems)),
      400,
      "Request_BadRequest",
      "User license is inherited from a group membership and it cannot be removed directly from the user.",
    );
    assert.equal((await assign("ada", remove(ems))).status, 200);
    assert.deepEqual(
      (await states("ada")).map((state) => state.assignedByGroup),
      [emulator.tenant.group("Staff").id],
    );
    assert.equal(emulator.history.servicesLost(), 0);
    assert.deepEqual([...emulator.history.removals()], [[ems, 1]]);
  });

  it("does not know users that are not there", async () => {
    assertError(
      await assign("nobody", remove(ems)),
      404,
      "Request_ResourceNotFound",
      "Resource 'nobody@contoso.com' does not exist or one of its queried reference-property objects are not present.",
    );
  });

  it("names what it does not know in a body", async () => {
    const body = { ...remove(ems), keepThem: true };
    assertError(
      await assign("ada", body),
      400,
      "EmbeddedGraph_NotSupported",
      /^embedded Graph: not supported: body property 'keepThem'/,
    );
  });

  it("refuses a disabled plan that the SKU does not have, or has no more", async () => {
    const foreign = add({ skuId: ems, disabledPlans: [yammer] });
    const why = `License ${ems} does not contain service plan ${yammer}.`;
    assertError(await assign("ada", foreign), 400, "Request_BadRequest", why);
    emulator.tenant.removeServicePlan("ENTERPRISEPACK", "YAMMER_ENTERPRISE");
    const retired = add({ skuId: e3, disabledPlans: [yammer] });
    assertError(await assign("ada", retired), 400, "Request_BadRequest", /does not contain service plan/);
  });

  it("shows a licence of unknown source only where Graph does", async () => {
    emulator.tenant.addHiddenLicense("cleo@contoso.com", "EMS");
    const { json } = await client.get("/users/cleo@contoso.com?$select=assignedLicenses,licenseAssignmentStates");
    assert.deepEqual(json.assignedLicenses, [{ disabledPlans: [], skuId: ems }]);
    assert.deepEqual(json.licenseAssignmentStates, []);
    assert.equal(emulator.tenant.seatsUsed("EMS"), 3);
    assertError(
      await assign("cleo", remove(ems)),
      400,
      "Request_BadRequest",
      "User does not have a corresponding license.",
    );
  });

  it("merges the sources in assignedLicenses and licenseDetails", async () => {
    await assign("ben", add({ skuId: e3, disabledPlans: [yammer, emulator.tenant.plan("SWAY")] }));
    emulator.tenant.setGroupLicenses("Staff", [{ sku: "ENTERPRISEPACK", disabledPlans: ["YAMMER_ENTERPRISE"] }]);
    emulator.clock.advance(10_000);
    const { json } = await client.get("/users/ben@contoso.com?$select=assignedLicenses");
    assert.deepEqual(
      json.assignedLicenses.find((license) => license.skuId === e3),
      { disabledPlans: [yammer], skuId: e3 },
    );
    const details = await client.get("/users/ben@contoso.com/licenseDetails");
    const plans = details.json.value.find((detail) => detail.skuId === e3)?.servicePlans;
    const status = (name: string) => plans?.find((plan) => plan.servicePlanName === name)?.provisioningStatus;
    assert.deepEqual([status("YAMMER_ENTERPRISE"), status("SWAY")], ["Disabled", "Success"]);
  });
});
