import assert from "node:assert/strict";
import https from "node:https";
import type { AccessToken } from "@azure/core-auth";
import { cloudOfGraphHost, type CloudName } from "../../graph/signin/clouds";
import { defaultCredential } from "../../graph/signin/credential";
import { connectForDiagnosis, connectForReading } from "../../graph/tenant-graph";
import { withAzureEnvironment } from "./environment";

const TENANT = "6f1c0000-0000-4000-8000-000000000001";

/** As https://learn.microsoft.com/graph/deployments lists them. */
const PUBLISHED: readonly { cloud: CloudName; graph: string; authority: string }[] = [
  { cloud: "global", graph: "graph.microsoft.com", authority: "login.microsoftonline.com" },
  { cloud: "usgov", graph: "graph.microsoft.us", authority: "login.microsoftonline.us" },
  { cloud: "usgov-dod", graph: "dod-graph.microsoft.us", authority: "login.microsoftonline.us" },
  { cloud: "china", graph: "microsoftgraph.chinacloudapi.cn", authority: "login.chinacloudapi.cn" },
];

describe("clouds by name", () => {
  for (const { cloud, graph, authority } of PUBLISHED) {
    it(`${cloud}: asks ${graph} with a token for ${graph}`, async () => {
      const scopes: unknown[] = [];
      const urls: URL[] = [];
      const tenant = connectForReading(
        { cloud, tenant: TENANT },
        {
          credential: {
            getToken: (scope): Promise<AccessToken> => {
              scopes.push(scope);
              return Promise.resolve({ token: "a.b.c", expiresOnTimestamp: Date.now() + 3_600_000 });
            },
          },
          fetch: (input) => {
            urls.push(new URL(input instanceof Request ? input.url : input));
            return Promise.resolve(Response.json({ value: [] }));
          },
        },
      );
      await tenant.subscribedSkus();
      assert.deepEqual(scopes, [`https://${graph}/.default`]);
      assert.deepEqual(
        urls.map(({ protocol, host, pathname }) => `${protocol}//${host}${pathname}`),
        [`https://${graph}/v1.0/subscribedSkus`],
      );
      assert.equal(cloudOfGraphHost(graph), cloud);
    });

    it(`${cloud}: asks ${authority} for the tenant's own Graph and id`, async () => {
      const hosts: string[] = [];
      const tenant = connectForDiagnosis(
        { cloud, tenant: "contoso.com" },
        {
          fetch: (input) => {
            hosts.push(new URL(input instanceof Request ? input.url : input).host);
            return Promise.resolve(
              Response.json({ issuer: `https://${authority}/${TENANT}/v2.0`, msgraph_host: graph }),
            );
          },
        },
      );
      assert.equal(await tenant.openIdTenantId(), TENANT);
      assert.equal(await tenant.graphHostOfTenant(), graph);
      assert.deepEqual([...new Set(hosts)], [authority]);
    });
  }

  it("sign in at the authority of the cloud, not at AZURE_AUTHORITY_HOST", async () => {
    const variables = {
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: TENANT,
      AZURE_CLIENT_SECRET: "x",
      AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
      AZURE_AUTHORITY_HOST: "https://login.example.com",
    };
    const asked: string[] = [];
    const { request } = https;
    // Nothing leaves this machine: each request is noted and fails.
    const noted = (options: { hostname?: string; host?: string }) => {
      const host = options.hostname ?? options.host ?? "";
      asked.push(host);
      return request({ host: "localhost", port: 1 });
    };
    https.request = noted as typeof https.request;
    try {
      await withAzureEnvironment(variables, () =>
        Promise.all(
          PUBLISHED.map(async ({ graph, authority }) => {
            const credential = defaultCredential(`https://${authority}`, TENANT);
            await assert.rejects(Promise.resolve(credential.getToken(`https://${graph}/.default`)));
          }),
        ),
      );
    } finally {
      https.request = request;
    }
    // The sign-in library knows another name of the authority in China, and prefers it.
    const preferred = new Map([["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"]]);
    assert.deepEqual(new Set(asked), new Set(PUBLISHED.map(({ authority }) => preferred.get(authority) ?? authority)));
  }).timeout(20_000);
});
