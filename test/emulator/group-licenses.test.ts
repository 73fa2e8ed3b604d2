import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { assertError, type GraphClient } from "./graph-client";
import { oneEmulator } from "./one-emulator";
import { add, e1, e3, ems, phone, remove, smallTenant, yammer } from "./small-tenant";

const NEEDS_SKYPE = { plan: "MCOEV", needsOneOf: ["MCOSTANDARD"] };

describe("embedded Graph: licences assigned to a group", () => {
  // Ten users a second and 100 ms a step: one user a step.
  const tenASecond = { queueMs: 1_000, usersPerSecond: 10, joinMs: 60_000, leaveMs: 120_000 };
  let emulator: Emulator;
  let client: GraphClient;
  oneEmulator((...started) => ([emulator, client] = started), { processing: tenASecond });

  const id = (group: string) => emulator.tenant.group(group).id;
  const assign = (group: string, body: unknown) => client.post(`/groups/${id(group)}/assignLicense`, body);
  const processing = async (group: string) =>
    (await client.get(`/groups/${id(group)}?$select=licenseProcessingState`)).json.licenseProcessingState?.state ??
    null;
  const settle = () => {
    emulator.clock.advance(10_000);
  };
  /** skuId, state and error of what a user inherits. */
  const inherited = (user: string) =>
    emulator.tenant
      .user(`${user}@contoso.com`)
      .holdings.assignments.filter((entry) => entry.assignedByGroup !== null)
      .map((entry) => [entry.skuId, entry.state, entry.error]);
  const audits = async (activity: string) => {
    const filter = `activityDisplayName eq '${activity}' and targetResources/any(t:t/id eq '${id("Staff")}')`;
    return (await client.get(`/auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}`)).json.value;
  };

  it("accepts with 202 and works on it later, in steps, by the clock", async () => {
    assert.equal(await processing("Staff"), null);
    const answer = await assign("Staff", add(ems));
    assert.equal(answer.status, 202);
    assert.match(String(answer.headers["location"]), new RegExp(`/directoryObjects/${id("Staff")}/`));
    assert.equal(await processing("Staff"), "QueuedForProcessing");
    assert.deepEqual(inherited("ada"), []);
    emulator.clock.advance(1_000);
    assert.equal(await processing("Staff"), "ProcessingInProgress");
    assert.deepEqual([inherited("ada").length, inherited("cleo").length], [1, 0]);
    emulator.clock.advance(200);
    assert.equal(inherited("cleo").length, 1);
    emulator.clock.advance(100);
    assert.equal(await processing("Staff"), "ProcessingComplete");
    assert.deepEqual(inherited("cleo"), [[ems, "Active", "None"]]);
  });

  it("tells the audit log the actor, the start and the end", async () => {
    emulator.tenant.setAssignmentError("cleo@contoso.com", "EMS", "Staff", "UniquenessViolation");
    await assign("Staff", add(ems));
    settle();
    const [set] = await audits("Set group license");
    assert.equal(set?.initiatedBy.app?.displayName, "migration");
    assert.equal((await audits("Start applying group based license to users")).length, 1);
    const [finish] = await audits("Finish applying group based license to users");
    assert.match(String(finish?.initiatedBy.app?.displayName), /Group-Based Licensing/);
    assert.match(
      String(finish?.targetResources[0]?.modifiedProperties[0]?.newValue),
      /^\[Users successfully assigned licenses: 2, Users for whom license assignment failed: 1\./,
    );
  });

  it("processes again when the licences change while it is at work, and is not complete in between", async () => {
    await assign("Staff", add(ems));
    emulator.clock.advance(1_100);
    await assign("Staff", add({ skuId: ems, disabledPlans: [emulator.tenant.plan("INTUNE_A")] }));
    const seen = new Set<string | null>();
    for (let step = 0; step < 15; step++) {
      seen.add(await processing("Staff"));
      emulator.clock.advance(100);
    }
    assert.deepEqual([...seen], ["ProcessingInProgress", "QueuedForProcessing"]);
    settle();
    assert.equal(await processing("Staff"), "ProcessingComplete");
    const ada = emulator.tenant.user("ada@contoso.com").holdings.assignments;
    assert.deepEqual(ada.at(-1)?.disabledPlans, [emulator.tenant.plan("INTUNE_A")]);
  });

  it("licenses first-level users alone", async () => {
    await assign("Staff", add(ems));
    settle();
    assert.deepEqual(inherited("dan"), [], "dan is in a group in the group");
  });

  it("uses the tenant's country where a user has no location, and never writes it", async () => {
    await assign("Nested", add(e3));
    settle();
    assert.deepEqual(inherited("dan"), [[e3, "Active", "None"]]);
    assert.equal((await client.get("/users/dan@contoso.com?$select=usageLocation")).json.usageLocation, null);
  });

  it("takes no second seat for a user with the SKU", async () => {
    emulator.tenant.setSeats("EMS", 2);
    await assign("Staff", add(ems));
    settle();
    assert.deepEqual(inherited("ada"), [[ems, "Active", "None"]]);
    assert.deepEqual(inherited("cleo"), [[ems, "Error", "CountViolation"]]);
    assert.deepEqual([emulator.history.seats(ems).first, emulator.history.seats(ems).highest], [2, 2]);
    const sku = (await client.get("/subscribedSkus?$select=skuId,consumedUnits")).json.value[0];
    assert.deepEqual(sku, { skuId: ems, consumedUnits: 2 });
  });

  it("gives all of a group's SKUs or none, with the culprit's cause and Other beside it", async () => {
    emulator.tenant.setSeats("ENTERPRISEPACK", 1);
    await assign("Staff", add(ems, e3));
    settle();
    assert.deepEqual(inherited("ben"), [
      [ems, "Active", "None"],
      [e3, "Active", "None"],
    ]);
    assert.deepEqual(inherited("cleo"), [
      [ems, "Error", "Other"],
      [e3, "Error", "CountViolation"],
    ]);
    assert.deepEqual([...emulator.tenant.effectivePlans("cleo@contoso.com")], []);
  });

  it("keeps what was applied before when a later SKU of the group fails, as ActiveWithError", async () => {
    await assign("Staff", add(ems));
    settle();
    emulator.tenant.setSeats("ENTERPRISEPACK", 1);
    await assign("Staff", add(e3));
    settle();
    assert.deepEqual(inherited("cleo"), [
      [ems, "ActiveWithError", "Other"],
      [e3, "Error", "CountViolation"],
    ]);
    assert.equal(emulator.history.servicesLost(), 0);
  });

  const causes = [
    { title: "exclusive plans", prepare: () => undefined, user: "ben", sku: e1, error: "MutuallyExclusiveViolation" },
    {
      title: "a missing prerequisite",
      prepare: () => emulator.reset(smallTenant({ dependencies: [{ ...NEEDS_SKYPE, groupMayLack: true }] })),
      user: "ada",
      sku: phone,
      error: "DependencyViolation",
    },
    {
      title: "a prohibited location",
      prepare: () => {
        emulator.tenant.setUsageLocation("cleo@contoso.com", "KP");
      },
      user: "cleo",
      sku: e3,
      error: "ProhibitedInUsageLocationViolation",
    },
  ];
  for (const { title, prepare, user, sku, error } of causes) {
    it(`shows ${title} as ${error}, and lists the user and the group`, async () => {
      prepare();
      await assign("Staff", add(sku));
      settle();
      assert.deepEqual(inherited(user), [[sku, "Error", error]]);
      const users = await client.get(`/groups/${id("Staff")}/membersWithLicenseErrors?$select=id`);
      const ids = users.json.value.map((member) => member.id);
      assert.ok(ids.includes(emulator.tenant.user(`${user}@contoso.com`).id));
      const groups = await client.get("/groups?$filter=hasMembersWithLicenseErrors%20eq%20true&$select=displayName");
      assert.deepEqual(groups.json.value, [{ displayName: "Staff" }]);
    });
  }

  it("takes an add-on only together with its prerequisite, even if members hold that from elsewhere", async () => {
    const refused =
      /^License assignment failed because service plan 4828c8ec-\S+ depends on the service plan\(s\) 0feaeb32-/;
    const skype = emulator.tenant
      .sku("ENTERPRISEPACK")
      .servicePlans.find(({ servicePlanName }) => servicePlanName === "MCOSTANDARD");
    const answer = await client.post(`/groups/${id("Staff")}/assignLicense`, add(phone));
    assertError(answer, 400, "Request_BadRequest", refused);
    assert.deepEqual(emulator.tenant.group("Staff").licenses, [], "nothing was changed");
    await assign("Staff", add(phone, e3));
    const withoutSkype = add({ skuId: e3, disabledPlans: [skype?.servicePlanId ?? ""] });
    for (const change of [remove(e3), withoutSkype]) {
      const again = await client.post(`/groups/${id("Staff")}/assignLicense`, change);
      assertError(again, 400, "Request_BadRequest", refused);
    }
    await assign("Staff", remove(phone, e3));
  });

  it("fails the error filter with ConsistencyLevel, as Graph does", async () => {
    const answer = await client.get("/groups?$filter=hasMembersWithLicenseErrors%20eq%20true&$count=true", {
      consistencylevel: "eventual",
    });
    assertError(answer, 400, "Request_UnsupportedQuery", /hasMembersWithLicenseErrors/);
  });

  it("gives the licence to joining members and takes it from leaving ones, after a while", async () => {
    await assign("Staff", add(ems));
    settle();
    emulator.tenant.joinGroup("dan@contoso.com", "Staff");
    emulator.tenant.leaveGroup("cleo@contoso.com", "Staff");
    emulator.clock.advance(59_000);
    assert.deepEqual([inherited("dan").length, inherited("cleo").length], [0, 1]);
    emulator.clock.advance(1_000);
    assert.deepEqual([inherited("dan").length, inherited("cleo").length], [1, 1]);
    emulator.clock.advance(60_000);
    assert.equal(inherited("cleo").length, 0);
    const [loss, ...others] = emulator.history.losses();
    assert.equal(others.length, 0);
    assert.deepEqual(
      [loss?.userId, loss?.cause.by, loss?.cause.inBackground],
      [emulator.tenant.user("cleo@contoso.com").id, "people", true],
    );
  });

  it("keeps a leaver's licence, ActiveWithError, while something of theirs depends on it", async () => {
    emulator.tenant.removeDirect("ben@contoso.com", "ENTERPRISEPACK");
    await assign("Staff", add({ skuId: e3, disabledPlans: [yammer] }));
    settle();
    emulator.tenant.assignDirect("ben@contoso.com", "MCOEV");
    emulator.tenant.leaveGroup("ben@contoso.com", "Staff");
    emulator.clock.advance(120_000);
    assert.deepEqual(inherited("ben"), [[e3, "ActiveWithError", "DependencyViolation"]]);
    const members = (await client.get(`/groups/${id("Staff")}/members?$select=id`)).json.value;
    assert.ok(!members.some((member) => member.id === emulator.tenant.user("ben@contoso.com").id));
    emulator.tenant.removeDirect("ben@contoso.com", "MCOEV");
    await client.post("/users/ben@contoso.com/reprocessLicenseAssignment");
    assert.deepEqual(inherited("ben"), []);
  });

  it("tries again on reprocess, at once", async () => {
    emulator.tenant.setSeats("EMS", 2);
    await assign("Staff", add(ems));
    settle();
    emulator.tenant.setSeats("EMS", 3);
    assert.deepEqual(inherited("cleo"), [[ems, "Error", "CountViolation"]]);
    assert.equal((await client.post("/users/cleo@contoso.com/reprocessLicenseAssignment")).status, 200);
    assert.deepEqual(inherited("cleo"), [[ems, "Active", "None"]]);
  });

  it("takes a licence away from all members when it leaves the group, and says so in the history", async () => {
    await assign("Staff", add(ems));
    settle();
    assert.equal((await assign("Staff", remove(ems))).status, 202);
    settle();
    assert.deepEqual([inherited("ada"), inherited("cleo")], [[], []]);
    const losses = emulator.history.losses();
    assert.deepEqual(
      losses.map((loss) => loss.userId),
      [emulator.tenant.user("cleo@contoso.com").id],
      "ada and ben have it directly",
    );
    assert.equal(losses[0]?.cause.by, emulator.credentials().AZURE_CLIENT_ID);
  });

  it("refuses what Graph refuses", async () => {
    assertError(await assign("Mail only", add(ems)), 400, "Request_BadRequest", /not security-enabled/);
    assertError(await assign("Staff", remove(ems)), 400, "Request_BadRequest", /corresponding license/);
    assertError(
      await assign("Staff", add("99999999-9999-4999-8999-999999999999")),
      400,
      "Request_BadRequest",
      "License 99999999-9999-4999-8999-999999999999 does not correspond to a valid company License.",
    );
    emulator.tenant.setSubscription("EMS", "Suspended");
    assertError(
      await assign("Staff", add(ems)),
      400,
      "Request_BadRequest",
      `License ${ems} does not correspond to a valid company License.`,
    );
    emulator.tenant.setSubscription("EMS", "Enabled");
    assertError(
      await client.post("/groups/99999999-9999-4999-8999-999999999999/assignLicense", add(ems)),
      404,
      "Request_ResourceNotFound",
      "Resource '99999999-9999-4999-8999-999999999999' does not exist or one of its queried reference-property objects are not present.",
    );
    await assign("Staff", add(ems));
    assertError(
      await client.send("DELETE", `/groups/${id("Staff")}`),
      400,
      "Request_BadRequest",
      /^Unable to delete the group because there is a product license assigned to the group\./,
    );
    assert.equal((await client.send("DELETE", `/groups/${id("Nested")}`)).status, 204);
  });

  it("starts with licensed groups as the file says: settled, or entry by entry", async () => {
    const { users = [], groups = [] } = smallTenant();
    emulator.reset(
      smallTenant({
        users: users.map((user) =>
          user.userPrincipalName.startsWith("ada")
            ? { ...user, inherited: [{ group: "Staff", sku: "EMS", state: "Error", error: "Other" }] }
            : user,
        ),
        groups: groups.map((group) =>
          group.displayName === "Staff" ? { ...group, licenses: [{ sku: "EMS" }] } : group,
        ),
      }),
    );
    assert.deepEqual(inherited("ada"), [[ems, "Error", "Other"]]);
    assert.deepEqual(inherited("cleo"), [[ems, "Active", "None"]]);
    assert.equal(await processing("Staff"), "ProcessingComplete");
    assert.equal((await audits("Set group license")).length, 0);
  });
});

describe("embedded Graph: members", () => {
  let emulator: Emulator;
  let client: GraphClient;
  oneEmulator((...started) => ([emulator, client] = started));

  const path = (group: string) => `/groups/${emulator.tenant.group(group).id}`;
  const reference = (user: string) =>
    `https://graph.microsoft.com/v1.0/directoryObjects/${emulator.tenant.user(`${user}@contoso.com`).id}`;
  const bind = (group: string, ...references: string[]) =>
    client.send("PATCH", path(group), { "members@odata.bind": references });

  it("adds them by reference, twenty at a time at most, all or none", async () => {
    assert.equal((await bind("Staff", reference("dan"))).status, 204);
    const again = "One or more added object references already exist for the following modified properties: 'members'.";
    assertError(await bind("Nested", reference("ada"), reference("dan")), 400, "Request_BadRequest", again);
    assert.equal(emulator.tenant.group("Nested").userMembers.size, 1);
    assertError(
      await bind("Nested", ...Array<string>(21).fill(reference("ada"))),
      400,
      "Request_BadRequest",
      /maximum of 20/,
    );
    const one = { "@odata.id": reference("cleo") };
    assert.equal((await client.post(`${path("Nested")}/members/$ref`, one)).status, 204);
    assertError(await client.post(`${path("Nested")}/members/$ref`, one), 400, "Request_BadRequest", again);
    const cleo = emulator.tenant.user("cleo@contoso.com").id;
    assert.equal((await client.send("DELETE", `${path("Nested")}/members/${cleo}/$ref`)).status, 204);
    assert.equal((await client.send("DELETE", `${path("Nested")}/members/${cleo}/$ref`)).status, 404);
  });

  it("takes none where they come from elsewhere", async () => {
    assertError(await bind("Dynamic", reference("ben")), 403, "Authorization_RequestDenied", /Insufficient privileges/);
    assertError(await bind("Synced", reference("ben")), 400, "Request_BadRequest", /on-premises mastered/);
  });

  it("lists them by level and kind, and counts them", async () => {
    const names = async (segment: string) =>
      (await client.all(`${path("Staff")}/${segment}?$select=displayName`)).objects.map((object) => object.displayName);
    assert.deepEqual(await names("members"), ["ada", "ben", "cleo", "Nested"]);
    assert.deepEqual(await names("members/microsoft.graph.user"), ["ada", "ben", "cleo"]);
    assert.deepEqual(await names("members/graph.group"), ["Nested"]);
    assert.deepEqual(await names("transitiveMembers/microsoft.graph.user"), ["ada", "ben", "cleo", "dan"]);
    const eventual = { consistencylevel: "eventual" };
    assert.equal((await client.get(`${path("Staff")}/members/$count`, eventual)).text, "4");
    assert.equal((await client.get(`${path("Staff")}/members/microsoft.graph.user/$count`, eventual)).text, "3");
    assertError(
      await client.get(`${path("Staff")}/members/$count`),
      400,
      "Request_BadRequest",
      "$count is not currently supported.",
    );
    const typed = await client.get(`${path("Staff")}/members`);
    assert.deepEqual(
      typed.json.value.map((member) => member["@odata.type"]),
      ["user", "user", "user", "group"].map((kind) => `#microsoft.graph.${kind}`),
    );
  });

  it("tells a user's groups, with and without the cast", async () => {
    const plain = await client.get("/users/ada@contoso.com/memberOf?$select=displayName");
    assert.deepEqual(plain.json.value, [
      { "@odata.type": "#microsoft.graph.group", displayName: "Staff" },
      { "@odata.type": "#microsoft.graph.group", displayName: "Dynamic" },
    ]);
    const cast = await client.get("/users/ada@contoso.com/memberOf/microsoft.graph.group?$select=displayName&$top=1");
    assert.deepEqual(cast.json.value, [{ displayName: "Staff" }]);
    assert.ok(cast.json["@odata.nextLink"]);
  });
});
