import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { assertError, type GraphClient } from "./graph-client";
import { oneEmulator } from "./one-emulator";
import { smallTenant } from "./small-tenant";

describe("embedded Graph: groups that are made, changed and owned", () => {
  const processing = { ruleMs: 10_000 };
  const apps = [{ name: "admin", permissions: ["Directory.ReadWrite.All"] }];
  let emulator: Emulator;
  let client: GraphClient;
  oneEmulator((...started) => ([emulator, client] = started), { tenant: smallTenant({ apps }), processing });

  const user = (name: string) => emulator.tenant.user(`${name}@contoso.com`).id;
  const reference = (id: string) => `${emulator.url}/v1.0/directoryObjects/${id}`;
  const plain = { displayName: "LIC Visio", mailEnabled: false, mailNickname: "lic-visio", securityEnabled: true };
  const dynamic = (membershipRule: string) => ({
    ...plain,
    groupTypes: ["DynamicMembership"],
    membershipRule,
    membershipRuleProcessingState: "On",
  });
  async function make(body: object): Promise<string> {
    const answer = await client.post("/groups", body);
    assert.equal(answer.status, 201, answer.text);
    return answer.json.id;
  }
  const membersOf = (id: string) =>
    [...emulator.tenant.group(id).userMembers].map((each) => emulator.tenant.user(each).displayName).sort();
  const betaOf = async (id: string) => {
    const path = `/beta/groups/${id}?$select=id,membershipRuleProcessingState,membershipRuleProcessingStatus`;
    return (await client.send("GET", `${emulator.url}${path}`)).json as unknown as {
      readonly membershipRuleProcessingState: string | null;
      readonly membershipRuleProcessingStatus: { readonly status: string } | null;
    };
  };

  it("makes a security group with its owners and members, which is there at once", async () => {
    const binds = { "owners@odata.bind": [reference(user("ada"))], "members@odata.bind": [reference(user("ben"))] };
    const id = await make({ ...plain, description: "Visio", isAssignableToRole: false, ...binds });
    const { json } = await client.get(`/groups/${id}?$select=displayName,mailNickname,securityEnabled,description`);
    const { "@odata.context": _, ...found } = json;
    assert.deepEqual(found, {
      displayName: "LIC Visio",
      mailNickname: "lic-visio",
      securityEnabled: true,
      description: "Visio",
    });
    assert.deepEqual(membersOf(id), ["ben"]);
    assert.deepEqual(
      (await client.get(`/groups/${id}/owners?$select=id`)).json.value.map((each) => each.id),
      [user("ada")],
    );
  });

  it("refuses a group without what Graph wants of it, and one of a kind that is not known here", async () => {
    const { mailNickname: _, ...without } = plain;
    assertError(
      await client.post("/groups", without),
      400,
      "Request_BadRequest",
      /A value is required for property 'mailNickname'/,
    );
    const unknown = (body: object) => client.post("/groups", body);
    assertError(
      await unknown({ ...plain, visibility: "Private" }),
      400,
      "EmbeddedGraph_NotSupported",
      /body property 'visibility'/,
    );
    assertError(await unknown({ ...plain, mailEnabled: true }), 400, "EmbeddedGraph_NotSupported", /no security group/);
    assertError(await unknown({ ...plain, groupTypes: ["Unified"] }), 400, "EmbeddedGraph_NotSupported", /groupTypes/);
    assertError(
      await unknown({ ...plain, membershipRule: 'user.city -eq "Bern"' }),
      400,
      "Request_BadRequest",
      /dynamic group/,
    );
    assertError(
      await unknown({ ...plain, "owners@odata.bind": [reference(emulator.tenant.id)] }),
      404,
      "Request_ResourceNotFound",
      /./,
    );
    assert.equal(
      emulator.tenant.groups().some(({ displayName }) => displayName === "LIC Visio"),
      false,
    );
  });

  it("changes what a group is called and what it is for, adds and removes owners, but not the last one", async () => {
    const id = await make({ ...plain, "owners@odata.bind": [reference(user("ada"))] });
    assert.equal(
      (await client.send("PATCH", `/groups/${id}`, { displayName: "LIC V", description: null })).status,
      204,
    );
    assert.equal(emulator.tenant.group("LIC V").id, id);
    const last = await client.send("DELETE", `/groups/${id}/owners/${user("ada")}/$ref`);
    assertError(last, 400, "Request_BadRequest", /at least one owner/);
    assert.equal((await client.post(`/groups/${id}/owners/$ref`, { "@odata.id": reference(user("ben")) })).status, 204);
    const twice = await client.post(`/groups/${id}/owners/$ref`, { "@odata.id": reference(user("ben")) });
    assertError(twice, 400, "Request_BadRequest", /already exist .+ 'owners'/);
    assert.equal((await client.send("DELETE", `/groups/${id}/owners/${user("ada")}/$ref`)).status, 204);
    assert.deepEqual([...emulator.tenant.group(id).owners], [user("ben")]);
  });

  it("changes no group to another kind", async () => {
    const id = await make(plain);
    const rule = await client.send("PATCH", `/groups/${id}`, { membershipRule: 'user.city -eq "Bern"' });
    assertError(rule, 400, "EmbeddedGraph_NotSupported", /a static group that becomes dynamic/);
    const mail = await client.send("PATCH", `/groups/${id}`, { mailEnabled: true });
    assertError(mail, 400, "EmbeddedGraph_NotSupported", /what kind of group/);
  });

  it("says of an id what it belongs to", async () => {
    const typeOf = async (id: string) => (await client.get(`/directoryObjects/${id}`)).json["@odata.type"];
    assert.equal(await typeOf(user("ada")), "#microsoft.graph.user");
    assert.equal(await typeOf(emulator.tenant.group("Staff").id), "#microsoft.graph.group");
    assert.equal(await typeOf(emulator.credentials().AZURE_CLIENT_ID), "#microsoft.graph.servicePrincipal");
    assert.equal((await client.get(`/directoryObjects/${emulator.tenant.id}`)).status, 404);
  });

  it("answers the azuread plugin where it asks: the cloud's metadata, its own principal, the beta version of groups", async () => {
    const { url } = emulator;
    const metadata = await client.raw("GET", "/metadata/endpoints?api-version=2022-09-01");
    const found = JSON.parse(metadata.text) as {
      readonly microsoftGraphResourceId: string;
      readonly authentication: { readonly loginEndpoint: string };
    };
    assert.deepEqual([found.microsoftGraphResourceId, found.authentication.loginEndpoint], [url, url]);
    const app = emulator.credentials().AZURE_CLIENT_ID;
    const owner = { "owners@odata.bind": [`${url}/beta/directoryObjects/${app}`] };
    const made = await client.send("POST", `${url}/beta/groups`, { ...plain, ...owner });
    assert.equal(made.status, 201, made.text);
    const path = `${url}/beta/groups/${made.json.id}`;
    assert.equal((await client.send("PATCH", path, { displayName: "TERRAFORM_UPDATE" })).status, 204);
    assert.equal((await client.get(path)).json.displayName, "TERRAFORM_UPDATE");
    assert.deepEqual(
      (await client.get(`${path}/owners`)).json.value.map(({ id }) => id),
      [app],
    );
    assert.deepEqual((await client.get(`${path}/members`)).json.value, []);
    assert.equal((await client.send("DELETE", path)).status, 204);
  });

  it("evaluates the rule of a new group in the background, and again when it changes", async () => {
    const id = await make(dynamic('user.department -eq "design"'));
    assert.deepEqual(membersOf(id), []);
    assert.equal((await betaOf(id)).membershipRuleProcessingStatus?.status, "NotStarted");
    emulator.clock.advance(5_000);
    assert.equal((await betaOf(id)).membershipRuleProcessingStatus?.status, "Running");
    emulator.clock.advance(5_000);
    assert.equal((await betaOf(id)).membershipRuleProcessingStatus?.status, "Succeeded");
    assert.deepEqual(membersOf(id), ["ada"]);
    await client.send("PATCH", `/groups/${id}`, { membershipRule: 'user.displayName -in ["ben", "cleo"]' });
    assert.equal((await betaOf(id)).membershipRuleProcessingStatus?.status, "NotStarted");
    emulator.clock.advance(10_000);
    assert.deepEqual(membersOf(id), ["ben", "cleo"]);
  });

  it("does nothing while a rule is paused, and goes on when it is switched on", async () => {
    const id = await make({ ...dynamic('user.displayName -eq "dan"'), membershipRuleProcessingState: "Paused" });
    emulator.clock.advance(60_000);
    assert.equal((await betaOf(id)).membershipRuleProcessingState, "Paused");
    assert.deepEqual(membersOf(id), []);
    await client.send("PATCH", `/groups/${id}`, { membershipRuleProcessingState: "On" });
    emulator.clock.advance(10_000);
    assert.deepEqual(membersOf(id), ["dan"]);
  });

  const rules: readonly [rule: string, members: readonly string[]][] = [
    ['user.department -ne "Design"', ["ben", "cleo", "dan"]],
    ["user.department -eq null", ["ben", "cleo", "dan"]],
    ['user.userType -eq "Member" -and user.accountEnabled -eq true', ["ada", "ben", "cleo", "dan"]],
    ['user.displayName -eq "ben" -or user.displayName -eq "dan" -and user.department -eq "Design"', ["ben"]],
    ['(user.displayName -eq "ben" -or user.displayName -eq "ada") -and user.department -eq "Design"', ["ada"]],
    ['user.displayName -notIn ["ada","ben"] -and user.userPrincipalName -startsWith "CLEO@"', ["cleo"]],
  ];
  for (const [rule, members] of rules) {
    it(`takes ${members.join(", ")} by ${rule}`, async () => {
      const id = await make(dynamic(rule));
      emulator.clock.advance(10_000);
      assert.deepEqual(membersOf(id), members);
    });
  }

  const strange = [
    ['user.manager -eq "ada"', "'user.manager' in a membership rule"],
    ['user.department -match "D.*"', "operator '-match' in a membership rule"],
    ["user.department -eq Design", "the value Design in a membership rule"],
    ['user.city -eq "Bern" user.city', "'user.city' in a membership rule"],
    ['device.city -eq "Bern"', "'device.city' in a membership rule"],
  ] as const;
  for (const [rule, name] of strange) {
    it(`refuses by name: ${rule}`, async () => {
      assertError(
        await client.post("/groups", dynamic(rule)),
        400,
        "EmbeddedGraph_NotSupported",
        `embedded Graph: not supported: ${name}`,
      );
      assert.equal(
        emulator.tenant.groups().some(({ displayName }) => displayName === "LIC Visio"),
        false,
      );
    });
  }
});
