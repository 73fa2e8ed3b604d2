import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ClientSecretCredential } from "@azure/identity";
import {
  BatchRequestContent,
  Client,
  GraphError,
  type PageCollection,
  PageIterator,
} from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials";
import type { Emulator } from "../../emulator";
import { trustCertificate } from "../graph/trust";
import { ems, smallTenant } from "./small-tenant";
import { watchedEmulator } from "../contract/watched-emulator";

interface User {
  readonly id: string;
  readonly userPrincipalName: string;
  readonly memberOf?: readonly { readonly displayName: string }[];
}

/** Microsoft's own client, with the sign-in that its documentation shows; only the hosts are others than usual. */
describe("embedded Graph: an administrator's usual calls, through Microsoft's TypeScript SDK", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let client: Client;
  let distrust: () => void;

  before(async () => {
    emulator = await watchedEmulator({ tenant: smallTenant(), clock: "manual" });
    distrust = trustCertificate(readFileSync(emulator.caFile, "utf8"));
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = emulator.credentials();
    const credential = new ClientSecretCredential(AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, {
      authorityHost: emulator.url,
      disableInstanceDiscovery: true,
    });
    client = Client.initWithMiddleware({
      baseUrl: emulator.url,
      customHosts: new Set(["localhost"]),
      authProvider: new TokenCredentialAuthenticationProvider(credential, {
        scopes: ["https://graph.microsoft.com/.default"],
      }),
    });
  });

  after(async () => {
    distrust();
    await emulator.close();
  });

  const id = (name: string) => emulator.tenant.user(`${name}@contoso.com`).id;
  const group = (name: string) => emulator.tenant.group(name).id;

  it("counts users, all and some", async () => {
    const count = (request: ReturnType<Client["api"]>) => request.header("ConsistencyLevel", "eventual").get();
    assert.equal(Number(await count(client.api("/users/$count"))), 4);
    assert.equal(Number(await count(client.api("/users/$count").filter("department eq 'Design'"))), 1);
  });

  it("reads all users page by page", async () => {
    const names: string[] = [];
    const page = (await client.api("/users").select(["id", "userPrincipalName"]).top(3).get()) as PageCollection;
    const pages = new PageIterator(client, page, ({ userPrincipalName }: User) => names.push(userPrincipalName) > 0);
    await pages.iterate();
    assert.equal(names.length, 4);
  });

  it("expands the groups and the manager of a user", async () => {
    const ada = (await client
      .api(`/users/${id("ada")}`)
      .select("id")
      .expand("memberOf($select=id,displayName)")
      .get()) as User;
    assert.deepEqual(ada.memberOf?.map(({ displayName }) => displayName).sort(), ["Dynamic", "Staff"]);
    const { value } = (await client.api("/users").expand("memberOf").get()) as { value: User[] };
    assert.ok(value.every(({ memberOf }) => Array.isArray(memberOf)));
    assert.equal(
      "manager" in
        ((await client
          .api(`/users/${id("ada")}`)
          .expand("manager")
          .get()) as object),
      false,
    );
  });

  it("checks in which groups a user is, nested ones too", async () => {
    const groupIds = [group("Staff"), group("Nested"), group("Synced")];
    const { value } = (await client.api(`/users/${id("dan")}/checkMemberGroups`).post({ groupIds })) as {
      value: string[];
    };
    assert.deepEqual(value.sort(), groupIds.slice(0, 2).sort());
  });

  it("gives a location and then a licence", async () => {
    await client.api(`/users/${id("dan")}`).patch({ usageLocation: "DE" });
    assert.equal(emulator.tenant.user("dan@contoso.com").usageLocation, "DE");
    const licences = { addLicenses: [{ skuId: ems, disabledPlans: [] }], removeLicenses: [] };
    await client.api(`/users/${id("dan")}/assignLicense`).post(licences);
    await assert.rejects(client.api(`/users/${id("dan")}`).patch({ usageLocation: "Germany" }), { statusCode: 400 });
  });

  it("sends a batch, made by the SDK", async () => {
    const ask = (path: string) => ({
      request: new Request(`https://graph.microsoft.com/v1.0${path}`, { method: "GET" }),
    });
    const batch = new BatchRequestContent([
      { id: "1", ...ask("/organization") },
      { id: "2", ...ask(`/users/${id("ada")}`) },
    ]);
    const { responses } = (await client.api("/$batch").post(await batch.getContent())) as {
      responses: { status: number }[];
    };
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200],
    );
  });

  it("reads users of the beta version, page by page and one", async () => {
    const names: string[] = [];
    const all = client.api("/users").version("beta").select(["id", "userPrincipalName"]).top(3);
    const pages = new PageIterator(
      client,
      (await all.get()) as PageCollection,
      (user: User) => names.push(user.id) > 0,
    );
    await pages.iterate();
    assert.equal(names.length, 4);
    const one = async (version: string) =>
      (await client
        .api(`/users/${id("ada")}`)
        .version(version)
        .get()) as object;
    const beta = await one("beta");
    assert.deepEqual(Object.keys(beta), Object.keys(await one("v1.0")));
    assert.match((beta as Record<string, string>)["@odata.context"] ?? "", /\/beta\/\$metadata#users\/\$entity$/);
  });

  it("says of a delta query, and of what else is in the beta version, that they are not supported here", async () => {
    const asked = [
      client.api("/users/delta"),
      client.api("/users/delta()"),
      client.api("/groups/microsoft.graph.delta()"),
      client.api("/users/$count").version("beta"),
      client.api(`/users/${id("ada")}/memberOf`).version("beta"),
      client.api("/subscribedSkus").version("beta"),
    ];
    for (const request of asked) {
      await assert.rejects(request.get(), (error) => {
        assert.ok(error instanceof GraphError);
        assert.equal(error.statusCode, 501);
        assert.match(error.message, /^embedded Graph: not supported: GET \/(v1\.0|beta)\//);
        return true;
      });
    }
  });
});
