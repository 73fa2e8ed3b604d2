import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Emulator } from "../../emulator";
import { assertError, GraphClient } from "./graph-client";
import { smallTenant } from "./small-tenant";
import { watchedEmulator } from "../contract/watched-emulator";

const identityScript = `
  const { EnvironmentCredential, DefaultAzureCredential } = require("@azure/identity");
  const options = { authorityHost: process.env.EMULATOR_URL, disableInstanceDiscovery: true };
  const credential = process.env.WHICH === "default" ? new DefaultAzureCredential(options) : new EnvironmentCredential(options);
  credential.getToken(process.env.SCOPE).then(
    async ({ token }) => {
      const answer = await fetch(process.env.EMULATOR_URL + "/v1.0/organization", { headers: { authorization: "Bearer " + token } });
      console.log(answer.status, (await answer.json()).value?.[0].displayName);
    },
    (error) => { console.log("refused", error.message); },
  );
`;

describe("embedded Graph: sign-in", () => {
  let emulator: Emulator;
  let client: GraphClient;

  before(async () => {
    emulator = await watchedEmulator({ tenant: smallTenant(), clock: "manual", tokenLifetimeSeconds: 600 });
    client = GraphClient.signedOut(emulator);
  });
  after(async () => {
    client.close();
    await emulator.close();
  });

  async function identity(env: Record<string, string>): Promise<string> {
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", identityScript], {
      env: {
        PATH: process.env["PATH"] ?? "",
        EMULATOR_URL: emulator.url,
        NODE_EXTRA_CA_CERTS: emulator.caFile,
        SCOPE: "https://graph.microsoft.com/.default",
        ...emulator.credentials(),
        ...env,
      },
    });
    return stdout.trim();
  }

  for (const which of ["environment", "default"]) {
    it(`lets the real @azure/identity in (${which} credential)`, async () => {
      assert.equal(await identity({ WHICH: which }), "200 Contoso");
    }).timeout(30_000);
  }

  it("lets the real @azure/identity in by a domain of the tenant, and for a scope with the emulator's own host", async () => {
    assert.equal(await identity({ AZURE_TENANT_ID: "contoso.com", SCOPE: `${emulator.url}/.default` }), "200 Contoso");
  }).timeout(30_000);

  it("tells the real @azure/identity why not, in Entra's words", async () => {
    assert.match(await identity({ AZURE_CLIENT_SECRET: "wrong" }), /^refused .*AADSTS7000215: Invalid client secret/s);
    assert.match(
      await identity({ AZURE_TENANT_ID: "99999999-9999-4999-8999-999999999999" }),
      /^refused .*(AADSTS90002|endpoints_resolution_error|openid)/s,
    );
  }).timeout(30_000);

  it("is trusted only by clients with its certificate", async () => {
    await assert.rejects(fetch(emulator.url), (error: Error) => {
      assert.match(String((error.cause as { code?: string }).code), /SELF_SIGNED|UNABLE_TO_/);
      return true;
    });
  });

  it("publishes where to sign in, for both metadata paths, by id and by domain", async () => {
    for (const path of [`/${emulator.tenant.id}/v2.0`, "/contoso.onmicrosoft.com/v2.0", "/contoso.com"]) {
      const { status, json } = await client.raw("GET", `${path}/.well-known/openid-configuration`);
      assert.equal(status, 200);
      assert.equal(json.token_endpoint, `${emulator.url}/${emulator.tenant.id}/oauth2/v2.0/token`);
      assert.equal(json.issuer, `${emulator.url}/${emulator.tenant.id}/v2.0`);
    }
  });

  const cases = [
    {
      title: "an unknown tenant",
      tenant: "nowhere.com",
      form: {},
      status: 400,
      error: "invalid_request",
      words: /^AADSTS90002: Tenant 'nowhere\.com' not found\./,
    },
    {
      title: "an unknown app",
      form: { client_id: "nobody" },
      status: 400,
      error: "unauthorized_client",
      words: /^AADSTS700016: Application with identifier 'nobody' was not found in the directory 'Contoso'\./,
    },
    {
      title: "a wrong secret",
      form: { client_secret: "wrong" },
      status: 401,
      error: "invalid_client",
      words: /^AADSTS7000215: Invalid client secret provided\./,
    },
    {
      title: "a scope that is no .default",
      form: { scope: "https://graph.microsoft.com/User.Read.All" },
      status: 400,
      error: "invalid_scope",
      words: /^AADSTS1002012: /,
    },
    {
      title: "a token for something else than Graph",
      form: { scope: "https://vault.azure.net/.default" },
      status: 400,
      error: "invalid_resource",
      words: /^AADSTS500011: /,
    },
    {
      title: "another grant",
      form: { grant_type: "password" },
      status: 400,
      error: "unsupported_grant_type",
      words: /^AADSTS70003: /,
    },
  ];
  for (const { title, tenant, form, status, error, words } of cases) {
    it(`refuses ${title} as Entra does`, async () => {
      const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = emulator.credentials();
      const right = { client_id: AZURE_CLIENT_ID, client_secret: AZURE_CLIENT_SECRET };
      const answer = await client.token(tenant ?? AZURE_TENANT_ID, { ...right, ...form });
      assert.equal(answer.status, status);
      assert.equal(answer.json.error, error);
      assert.match(answer.json.error_description, words);
      assert.equal(answer.json.error_codes[0], Number(/AADSTS(\d+)/.exec(answer.json.error_description)?.[1]));
    });
  }

  it("wants a token that it made, on every call", async () => {
    assertError(await client.raw("GET", "/v1.0/users"), 401, "InvalidAuthenticationToken", "Access token is empty.");
    const forged = { authorization: "Bearer eyJhbGciOiJub25lIn0.eyJyb2xlcyI6WyJVc2VyLlJlYWQuQWxsIl19.x" };
    assertError(
      await client.raw("GET", "/v1.0/users", undefined, forged),
      401,
      "InvalidAuthenticationToken",
      /signature/,
    );
  });

  it("lets tokens expire by the tenant's clock", async () => {
    const signedIn = await GraphClient.signIn(emulator);
    assert.equal((await signedIn.get("/users")).status, 200);
    emulator.clock.advance(601_000);
    assertError(
      await signedIn.get("/users"),
      401,
      "InvalidAuthenticationToken",
      "Lifetime validation failed, the token is expired.",
    );
    await signedIn.renew();
    assert.equal((await signedIn.get("/users")).status, 200);
    signedIn.close();
  });
});
