import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { assertError, type GraphClient } from "./graph-client";
import { oneEmulator } from "./one-emulator";
import { smallTenant } from "./small-tenant";

describe("embedded Graph: groups that are made, changed and owned", () => {
  const processing = { ruleMs: 10_000 };
  const hiddenNewGroups = [
    [100_000, 105_000],
    [108_000, 110_000],
  ] as const;
  const permissions = ["User.Read.All", "Directory.Read.All", "Group.ReadWrite.All", "GroupMember.ReadWrite.All"];
  const apps = [{ name: "admin", permissions }];
  let emulator: Emulator;
  let client: GraphClient;
  oneEmulator((...started) => ([emulator, client] = started), {
    tenant: smallTenant({ apps }),
    processing,
    hiddenNewGroups,
  });

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

  it("a new group is not found for a time, and again after it answered once", async () => {
    const id = await make(plain);
    const found: number[] = [];
    for (const ms of [0, 100_000, 4_999, 1, 2_999, 1, 2_000]) {
      emulator.clock.advance(ms);
      const listed = (await client.get(`/groups?$filter=displayName eq 'LIC Visio'&$select=id`)).json.value.length;
      const { status } = await client.get(`/groups/${id}`);
      assert.equal(listed, status === 200 ? 1 : 0);
      found.push(status);
    }
    assert.deepEqual(found, [200, 404, 404, 200, 200, 404, 200]);
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

  describe("answers the azuread plugin where it asks, in the order and the words of its public source", () => {
    const kind = { "@odata.type": "#microsoft.graph.group" };
    const at = (path: string) => `${emulator.url}/beta${path}`;
    const object = (id: string) => at(`/directoryObjects/${id}`);
    /** What its client sends besides with each request. */
    const asItAsks = {
      "content-type": "application/json; charset=utf-8",
      accept: "application/json; charset=utf-8; IEEE754Compatible=false",
      "odata-version": "4.0",
      "odata-maxversion": "4.0",
    };
    const ask = (method: string, path: string, body?: object) =>
      client.send(method, path.startsWith("/") ? at(path) : path, body, asItAsks);
    const own = () => emulator.credentials().AZURE_CLIENT_ID;
    const idsOf = async (path: string) => {
      const { json } = await ask("GET", path);
      return json.value.map((each) => [each["@odata.type"], each.id]);
    };

    it("signing in: the cloud's metadata, then a token in which the app's own principal stands", async () => {
      const metadata = await client.raw("GET", "/metadata/endpoints?api-version=2022-09-01");
      const found = JSON.parse(metadata.text) as {
        readonly name: string;
        readonly resourceManager: string;
        readonly microsoftGraphResourceId: string;
        readonly authentication: { readonly loginEndpoint: string };
      };
      const { url } = emulator;
      assert.deepEqual(
        [found.microsoftGraphResourceId, found.authentication.loginEndpoint, found.resourceManager],
        [url, url, url],
      );
      assert.notEqual(found.name, "");
      const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = emulator.credentials();
      const answer = await client.token(AZURE_TENANT_ID, {
        client_id: AZURE_CLIENT_ID,
        client_secret: AZURE_CLIENT_SECRET,
        scope: `${url}/.default`,
      });
      const [, claims = ""] = answer.json.access_token.split(".");
      const { oid } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { oid: string };
      const { json } = await client.get(`/directoryObjects/${oid}`);
      assert.equal(json["@odata.type"], "#microsoft.graph.servicePrincipal");
    });

    /** The group as the plugin makes it: made, renamed and named again, to see that it is there. */
    async function made(owners: readonly string[], more: object = {}): Promise<string> {
      const answer = await ask("POST", "/groups", {
        ...kind,
        ...plain,
        description: null,
        groupTypes: [],
        isAssignableToRole: false,
        membershipRule: null,
        resourceBehaviorOptions: [],
        resourceProvisioningOptions: [],
        "owners@odata.bind": owners.map(object),
        ...more,
      });
      assert.equal(answer.status, 201, answer.text);
      const { id } = answer.json;
      for (const displayName of ["TERRAFORM_UPDATE_1", plain.displayName]) {
        assert.equal((await ask("PATCH", `/groups/${id}`, { ...kind, displayName })).status, 204);
      }
      assert.equal((await ask("GET", `/groups/${id}`)).json.displayName, plain.displayName);
      return id;
    }

    it("making a group: what an owner is, the group, its name twice, and all that it reads afterwards", async () => {
      const { json } = await client.get(`/directoryObjects/${user("ada")}`);
      assert.equal(json["@odata.type"], "#microsoft.graph.user");
      const id = await made([user("ada")]);
      assert.deepEqual(await idsOf(`/groups/${id}/owners`), [["#microsoft.graph.user", user("ada")]]);
      assert.deepEqual(await idsOf(`/groups/${id}/members`), []);
      assert.deepEqual(await idsOf(`/groups/${id}/memberOf`), []);
    });

    it("making one without owners: the app itself is its owner", async () => {
      const id = await made([own()]);
      assert.deepEqual(await idsOf(`/groups/${id}/owners`), [["#microsoft.graph.servicePrincipal", own()]]);
    });

    it("making a dynamic one", async () => {
      const rule = { groupTypes: ["DynamicMembership"], membershipRule: 'user.department -eq "Design"' };
      const id = await made([own()], { ...rule, membershipRuleProcessingState: "On" });
      emulator.clock.advance(10_000);
      assert.deepEqual(membersOf(id), ["ada"]);
    });

    it("changing one: all that it may say, and owners that come before others go", async () => {
      const id = await made([user("ada")]);
      const all = { description: "Visio", mailEnabled: false, membershipRule: null, securityEnabled: true };
      assert.equal((await ask("PATCH", `/groups/${id}`, { ...kind, displayName: "LIC V", ...all })).status, 204);
      assert.equal(emulator.tenant.group(id).description, "Visio");
      const added = await ask("POST", `/groups/${id}/owners/$ref`, { "@odata.id": object(user("ben")) });
      assert.equal(added.status, 204, added.text);
      assert.equal((await ask("DELETE", `/groups/${id}/owners/${user("ada")}/$ref`)).status, 204);
      assert.deepEqual(await idsOf(`/groups/${id}/owners`), [["#microsoft.graph.user", user("ben")]]);
    });

    it("reading one again: members of both kinds, and the groups that it is in", async () => {
      const id = await made([own()]);
      emulator.tenant.joinGroup("ada@contoso.com", id);
      const staff = emulator.tenant.group("Staff").id;
      const outer = await make({ ...plain, displayName: "Outer" });
      const joined = await client.post(`/groups/${outer}/members/$ref`, { "@odata.id": reference(id) });
      assert.equal(joined.status, 204, joined.text);
      assert.deepEqual(await idsOf(`/groups/${id}/members`), [["#microsoft.graph.user", user("ada")]]);
      assert.deepEqual(await idsOf(`/groups/${id}/memberOf`), [["#microsoft.graph.group", outer]]);
      assert.deepEqual(await idsOf(`/groups/${staff}/memberOf`), []);
      assert.equal((await client.get(`/groups/${id}/memberOf?$select=id`)).json.value[0]?.id, outer);
    });

    it("deleting one: it is read, deleted, and gone", async () => {
      const id = await made([own()]);
      assert.equal((await ask("GET", `/groups/${id}`)).status, 200);
      assert.equal((await ask("DELETE", `/groups/${id}`)).status, 204);
      assert.equal((await ask("GET", `/groups/${id}`)).status, 404);
    });

    it("but no body that says it is something else", async () => {
      const wrong = { ...plain, "@odata.type": "#microsoft.graph.user" };
      assertError(await ask("POST", "/groups", wrong), 400, "EmbeddedGraph_NotSupported", /'@odata\.type'/);
    });
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
