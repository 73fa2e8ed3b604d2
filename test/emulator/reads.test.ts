import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { seedTenant } from "../../emulator/tenants/seed";
import { mayMakeGroups } from "../providers/tenants";
import { assertError, GraphClient } from "./graph-client";
import { oneEmulator } from "./one-emulator";
import { e3, ems } from "./small-tenant";
import { watchedEmulator } from "../contract/watched-emulator";

describe("embedded Graph: reading", () => {
  let emulator: Emulator;
  let client: GraphClient;
  oneEmulator((...started) => ([emulator, client] = started), {
    tenant: { ...seedTenant({ users: 250, finance: 50 }), ...mayMakeGroups },
  });

  const filtered = (set: string, filter: string) => `/${set}?$select=id&$filter=${encodeURIComponent(filter)}`;
  const ids = async (path: string) => (await client.all(path)).objects.map((object) => object.id);

  it("knows the tenant and its products", async () => {
    const [organization] = (await client.get("/organization")).json.value;
    assert.equal(organization?.displayName, "Contoso");
    assert.deepEqual(
      organization.verifiedDomains.map((domain) => domain.name),
      ["contoso.com", "contoso.onmicrosoft.com"],
    );
    const skus = (await client.get("/subscribedSkus")).json.value;
    assert.deepEqual(
      skus.map((sku) => [sku.skuPartNumber, sku.consumedUnits, sku.prepaidUnits.enabled]),
      [
        ["EMS", 250, 260],
        ["ENTERPRISEPACK", 50, 60],
      ],
    );
    assert.ok(skus[0]?.servicePlans.some((plan) => plan.appliesTo === "Company"));
  });

  it("gives licence properties only where they are selected", async () => {
    const plain = (await client.get("/users/megan@contoso.com")).json;
    assert.equal(plain.displayName, "Megan Bowen");
    assert.ok(!("assignedLicenses" in plain) && !("licenseAssignmentStates" in plain) && !("department" in plain));
    const selected = (await client.get("/users/megan@contoso.com?$select=department,assignedLicenses")).json;
    assert.deepEqual([selected.department, selected.assignedLicenses.length], ["Finance", 2]);
    assert.equal(
      selected["@odata.context"],
      `${emulator.url}/v1.0/$metadata#users(department,assignedLicenses)/$entity`,
    );
    const group = (await client.get(`/groups/${emulator.tenant.group("All users").id}`)).json;
    assert.ok(!("assignedLicenses" in group) && !("licenseProcessingState" in group));
  });

  it("pages by an opaque link that keeps the query, 100 at a time unless told", async () => {
    const { objects, pages } = await client.all("/users?$select=id");
    assert.deepEqual([objects.length, new Set(objects.map((user) => user.id)).size, pages], [250, 250, 3]);
    assert.deepEqual(Object.keys(objects[249] ?? {}), ["id"]);
    assert.equal((await client.all("/users?$select=id&$top=999")).pages, 1);
    const counted = await client.get("/users?$count=true&$top=1", { consistencylevel: "eventual" });
    assert.equal(counted.json["@odata.count"], 250);
  });

  it("shows each object once while the tenant changes, and leaves short pages behind", async () => {
    const first = (await client.get("/users?$select=id&$top=100")).json;
    const [gone] = first.value;
    emulator.tenant.removeUser(String(gone?.id));
    emulator.tenant.removeUser("user0150@contoso.com");
    emulator.tenant.addUser({ userPrincipalName: "new@contoso.com" });
    const second = (await client.get(first["@odata.nextLink"])).json;
    const third = (await client.get(second["@odata.nextLink"])).json;
    assert.deepEqual([second.value.length, third.value.length, third["@odata.nextLink"]], [99, 50, undefined]);
  });

  it("refuses a page token that is out of date", async () => {
    const first = await client.get("/users?$top=100");
    emulator.expirePageTokens();
    assertError(await client.get(first.json["@odata.nextLink"]), 400, "Directory_ExpiredPageToken", /page token/);
  });

  it("gives uneven pages, empty ones among them, where it is told to", async () => {
    const uneven = await watchedEmulator({ tenant: seedTenant({ users: 250 }), clock: "manual", unevenPages: true });
    const other = await GraphClient.signIn(uneven);
    const first = (await other.get("/users?$select=id&$top=100")).json;
    const second = (await other.get(first["@odata.nextLink"])).json;
    assert.deepEqual([first.value, typeof first["@odata.nextLink"]], [[], "string"]);
    assert.ok(second.value.length > 0 && second.value.length < 100);
    assert.equal((await other.all("/users?$select=id&$top=100")).objects.length, 250);
    other.close();
    await uneven.close();
  });

  it("finds users by what Graph lets them be found by", async () => {
    const megan = emulator.tenant.user("megan@contoso.com").id;
    assert.deepEqual(await ids(filtered("users", "userPrincipalName eq 'Megan@Contoso.com'")), [megan]);
    assert.deepEqual(await ids(filtered("users", `id in ('${megan}')`)), [megan]);
    assert.equal((await ids(filtered("users", "department eq 'Finance' and accountEnabled eq true"))).length, 50);
    assert.equal((await ids(filtered("users", "startswith(displayName,'User 000')"))).length, 8);
    assert.equal((await ids(filtered("users", `assignedLicenses/any(s:s/skuId eq ${e3})`))).length, 50);
    const eventual = { consistencylevel: "eventual" };
    const licensed = await client.get("/users?$count=true&$filter=assignedLicenses/$count%20ne%200", eventual);
    assert.equal(licensed.json["@odata.count"], 250);
  });

  it("gives up on licences beside other conditions, as Graph does", async () => {
    assertError(
      await client.get(filtered("users", `assignedLicenses/any(s:s/skuId eq ${ems}) and accountEnabled eq true`)),
      400,
      "Request_UnsupportedQuery",
      "Complex query on property assignedLicenses is not supported.",
    );
  });

  it("finds groups by any name", async () => {
    emulator.tenant.addGroup({ displayName: "Müller's “Gruppe” 😀" });
    assert.equal((await ids(filtered("groups", "displayName eq 'Müller''s “Gruppe” 😀'"))).length, 1);
    emulator.tenant.addGroup({ id: "11111111-2222-4333-8444-555555555555", displayName: "All Users" });
    assert.equal((await ids(filtered("groups", "displayName eq 'All users'"))).length, 2);
    assert.equal((await ids(filtered("groups", "startswith(displayName,'Finance')"))).length, 1);
    emulator.tenant.renameGroup("Finance department", "Finance");
    assert.equal((await ids(filtered("groups", "displayName eq 'Finance department'"))).length, 0);
    emulator.tenant.setGroupLicenses("Finance", [{ sku: "EMS" }]);
    assert.equal((await ids(filtered("groups", `assignedLicenses/any(x:x/skuId eq ${ems})`))).length, 1);
  });

  it("filters and sorts the audit log", async () => {
    emulator.tenant.as("script@contoso.com").assignDirect("user0200@contoso.com", "ENTERPRISEPACK");
    emulator.clock.advance(60_000);
    emulator.tenant.removeDirect("user0200@contoso.com", "ENTERPRISEPACK");
    const since = (time: string) =>
      `/auditLogs/directoryAudits?$orderby=activityDateTime&$filter=${encodeURIComponent(
        `activityDateTime ge ${time} and category eq 'UserManagement' and loggedByService eq 'Core Directory'`,
      )}`;
    const rows = (await client.get(since("2026-01-01T00:00:00Z"))).json.value;
    assert.deepEqual(
      rows.map((row) => row.initiatedBy.user?.userPrincipalName),
      ["script@contoso.com", "admin@contoso.com"],
    );
    assert.equal(rows[0]?.activityDisplayName, "Change user license");
    assert.equal((await client.get(since(emulator.clock.now().toISOString()))).json.value.length, 1);
  });

  const unknown: readonly (readonly [method: string, path: string, name: string, headers?: Record<string, string>])[] =
    [
      ["GET", "/me", "GET /v1.0/me"],
      ["GET", "/users/delta", "GET /v1.0/users/delta"],
      ["GET", "/users/delta()", "GET /v1.0/users/delta()"],
      ["POST", "/groups", "a request body that is no object"],
      ["GET", "/users?$expand=drives", "$expand=drives"],
      ["GET", "/users?$search=x", "query option '$search'"],
      ["GET", "/users?top=5", "query option 'top'"],
      ["GET", "/users?$top=1000", "$top=1000"],
      ["GET", "/users?$select=shoeSize", "property 'shoeSize' of microsoft.graph.user in $select"],
      ["GET", "/subscribedSkus?$filter=skuPartNumber%20eq%20'EMS'", "query option '$filter'"],
      ["GET", "/users?$filter=shoeSize%20eq%20'44'", "$filter of users by 'shoeSize'"],
      ["GET", "/users?$filter=displayName%20ne%20'x'", "$filter of users by 'displayName' with 'ne'"],
      ["GET", "/users?$filter=endswith(mail,'x')", "$filter=endswith(mail,'x')"],
      ["GET", "/auditLogs/directoryAudits?$filter=result%20eq%20'failure'", "$filter of directoryAudits by 'result'"],
      ["GET", "/auditLogs/directoryAudits?$orderby=id", "$orderby=id"],
      ["GET", "/users?$count=true", "$count=true without the header ConsistencyLevel: eventual"],
      ["GET", "/users", "ConsistencyLevel: strong", { consistencylevel: "strong" }],
      ["GET", "/users", "header prefer: odata.maxpagesize=5", { prefer: "odata.maxpagesize=5" }],
    ];
  for (const [method, path, name, headers] of unknown) {
    it(`refuses by name: ${method} ${path}${headers ? ` with ${JSON.stringify(headers)}` : ""}`, async () => {
      const answer = await client.send(method, path, undefined, headers);
      assert.ok(answer.status >= 400, answer.text);
      assert.ok(answer.json.error.message.startsWith(`embedded Graph: not supported: ${name}`), answer.text);
    });
  }

  it("says which request an answer belongs to", async () => {
    const good = await client.get("/users?$top=1", { "client-request-id": "mine" });
    assert.deepEqual([good.headers["client-request-id"], typeof good.headers["request-id"]], ["mine", "string"]);
    const bad = await client.get("/me", { "client-request-id": "mine" });
    assert.equal(bad.json.error.innerError["client-request-id"], "mine");
    assert.equal(bad.json.error.innerError["request-id"], bad.headers["request-id"]);
  });
});
