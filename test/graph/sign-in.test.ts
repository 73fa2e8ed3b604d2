import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Socket } from "node:net";

import { GraphError, type GraphFailure } from "../../graph/client/failure";
import { type FreshReads, connectForReading, type ConnectExtra } from "../../graph/tenant-graph";
import { withAzureEnvironment } from "./environment";
import { FakeTime } from "./fake-time";
import { OddGraph, type Received, type Reply } from "./odd-graph";

const TENANT = "6f1c0000-0000-4000-8000-000000000001";
const CLIENT = "6f1c0000-0000-4000-8000-0000000000c1";
const SECRET = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: "secret" };

const jwt = ["e30", Buffer.from(JSON.stringify({ tid: TENANT })).toString("base64url"), "signature"].join(".");

/** An authority that refuses in the words of the real one. */
function refusal(code: string, words: string): Reply {
  return {
    status: code === "AADSTS90002" ? 400 : 401,
    body: {
      error: "invalid_client",
      error_description: `${code}: ${words} Trace ID: 0c Correlation ID: 0d Timestamp: 2026-03-01 12:00:00Z`,
      error_codes: [Number(code.slice(6))],
    },
  };
}

describe("signing in with @azure/identity", () => {
  let odd: OddGraph;
  let distrust: () => void;

  before(async () => {
    odd = await OddGraph.start();
    distrust = odd.trust();
  });

  beforeEach(() => (odd.received.length = 0));

  after(async () => {
    distrust();
    await odd.close();
  });

  function connect(tenant = TENANT, authority = odd.url, extra: ConnectExtra = {}): FreshReads {
    return connectForReading(
      { cloud: { graph: odd.url, authority }, tenant },
      { pauses: new FakeTime(), random: () => 0, ...extra },
    );
  }

  it("asks Azure Pipelines for an assertion at each sign-in, where a task was given the job's token", async () => {
    const pipeline = {
      SYSTEM_ACCESSTOKEN: "of-the-job",
      SYSTEM_OIDCREQUESTURI: `${odd.url}/oidc`,
      AZURESUBSCRIPTION_TENANT_ID: TENANT,
      AZURESUBSCRIPTION_CLIENT_ID: CLIENT,
      AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "the-connection",
    };
    const usual = authority({});
    odd.answers((request) => (request.url.startsWith("/oidc") ? { body: { oidcToken: jwt } } : usual(request)));
    await withAzureEnvironment(pipeline, () => connect().subscribedSkus());
    const [asked] = odd.received.filter(({ url }) => url.startsWith("/oidc"));
    assert.match(asked?.url ?? "", /serviceConnectionId=the-connection/);
    assert.equal(asked?.headers.authorization, "Bearer of-the-job");
    const token = odd.received.find(({ url }) => url.includes("/token"));
    assert.match(token?.text ?? "", /client_assertion=/);
  });

  function authority({ openId, token, graph }: { openId?: Reply; token?: Reply; graph?: Reply }) {
    return ({ url }: Received): Reply => {
      const tenant = url.split("/")[1] ?? "";
      if (url.includes("/.well-known/")) return openId ?? openIdOf(tenant === "contoso.com" ? TENANT : tenant);
      if (url.includes("/token")) {
        return token ?? { body: { token_type: "Bearer", expires_in: 3600, ext_expires_in: 3600, access_token: jwt } };
      }
      return graph ?? { body: { value: [] } };
    };
  }

  function openIdOf(tenantId: string): Reply {
    return {
      body: {
        issuer: `${odd.url}/${tenantId}/v2.0`,
        token_endpoint: `${odd.url}/${tenantId}/oauth2/v2.0/token`,
        authorization_endpoint: `${odd.url}/${tenantId}/oauth2/v2.0/authorize`,
        jwks_uri: `${odd.url}/${tenantId}/discovery/v2.0/keys`,
      },
    };
  }

  async function failure(
    variables: Readonly<Record<string, string>>,
    tenant = TENANT,
    authority = odd.url,
    extra: ConnectExtra = {},
  ): Promise<GraphFailure> {
    return withAzureEnvironment(variables, async () => {
      const error: unknown = await connect(tenant, authority, extra)
        .subscribedSkus()
        .then(
          () => assert.fail("it succeeded"),
          (reason: unknown) => reason,
        );
      assert.ok(error instanceof GraphError, String(error));
      return error.failure;
    });
  }

  it("by client secret, for the scope of the configured host, without asking Microsoft about it", async () => {
    odd.answers(authority({}));
    await withAzureEnvironment(SECRET, () => connect().subscribedSkus());
    const token = odd.received.find(({ url }) => url.includes("/token"));
    assert.equal(token?.url.split("?")[0], `/${TENANT}/oauth2/v2.0/token`);
    assert.equal(new URLSearchParams(token.text).get("scope"), `${odd.url}/.default`);
    assert.equal(odd.received.at(-1)?.headers.authorization, `Bearer ${jwt}`);
  });

  it("where the environment names no tenant, for the configured one", async () => {
    odd.answers(authority({}));
    const { AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = SECRET;
    await withAzureEnvironment({ AZURE_CLIENT_ID, AZURE_CLIENT_SECRET }, () => connect().subscribedSkus());
    assert.ok(odd.received.some(({ url }) => url.startsWith(`/${TENANT}/oauth2/v2.0/token`)));
  });

  it("a token that expires at once does not stop anything", async () => {
    const token: Reply = { body: { token_type: "Bearer", expires_in: 1, ext_expires_in: 1, access_token: jwt } };
    odd.answers(authority({ token }));
    await withAzureEnvironment(SECRET, async () => {
      const graph = connect();
      await graph.subscribedSkus();
      await graph.subscribedSkus();
    });
    assert.equal(odd.received.at(-1)?.url.split("?")[0], "/v1.0/subscribedSkus");
  });

  it("a token that Graph refuses is not taken from the library's memory again", async () => {
    const inner = authority({});
    let refusedOnce = false;
    odd.answers((request) => {
      if (!request.url.startsWith("/v1.0/") || refusedOnce) return inner(request);
      refusedOnce = true;
      return { status: 401, body: { error: { code: "InvalidAuthenticationToken", message: "expired" } } };
    });
    await withAzureEnvironment(SECRET, () => connect().subscribedSkus());
    assert.equal(odd.received.filter(({ url }) => url.includes("/token")).length, 2);
  });

  const refusals: [code: string, words: string, where: "token" | "openId"][] = [
    ["AADSTS7000215", "Invalid client secret provided.", "token"],
    ["AADSTS700016", "Application with identifier 'x' was not found in the directory 'Contoso'.", "token"],
    ["AADSTS7000222", "The provided client secret keys for app 'x' are expired.", "token"],
    ["AADSTS90002", "Tenant 'x' not found.", "token"],
    ["AADSTS90002", "Tenant 'x' not found.", "openId"],
  ];
  for (const [code, words, where] of refusals) {
    it(`${code} from the ${where} endpoint is refused, in its first sentence`, async () => {
      odd.answers(authority({ [where]: refusal(code, words) }));
      assert.deepEqual(await failure(SECRET), { kind: "signIn", reason: "refused", detail: `${code}: ${words}` });
    });
  }

  const busy = { error: "temporarily_unavailable", error_description: "Busy." };
  const passing: [what: string, reply: Reply, detail: string][] = [
    [
      "AADSTS90033",
      refusal("AADSTS90033", "A transient error has occurred."),
      "AADSTS90033: A transient error has occurred.",
    ],
    [
      "AADSTS90024",
      refusal("AADSTS90024", "The request budget was exceeded."),
      "AADSTS90024: The request budget was exceeded.",
    ],
    [
      "a transient error with a code of tomorrow",
      refusal("AADSTS999999", "A transient error occurred."),
      "AADSTS999999: A transient error occurred.",
    ],
    ["503 in JSON", { status: 503, body: busy }, "The authority answers 503."],
    ["503 of a proxy", { status: 503, raw: "<html>busy</html>" }, "The authority answers 503."],
    ["429", { status: 429, body: busy }, "The authority answers 429."],
    ["a connection that breaks", "reset", "The connection to the authority broke."],
  ];
  for (const [what, token, detail] of passing) {
    it(`${what} says nothing about the credentials`, async function () {
      this.timeout(120_000);
      odd.answers(authority({ token }));
      assert.deepEqual(await failure(SECRET), { kind: "signIn", reason: "unavailable", detail });
    });
  }

  it("an authority that is out of order as a whole is no missing credential and no unknown tenant", async function () {
    this.timeout(120_000);
    odd.answers(authority({ openId: { status: 503, body: busy }, token: { status: 503, body: busy } }));
    const detail = "The authority answers 503.";
    assert.deepEqual(await failure(SECRET), { kind: "signIn", reason: "unavailable", detail });
  });

  it("a Graph host that the authority gives no tokens for is named, not the secret", async () => {
    const words = "The resource principal named https://graph.example was not found in the tenant named Contoso.";
    odd.answers(authority({ token: refusal("AADSTS500011", words) }));
    assert.deepEqual(await failure(SECRET), { kind: "signIn", reason: "host", detail: `AADSTS500011: ${words}` });
  });

  it("no credentials are missing, quickly", async function () {
    this.timeout(120_000);
    odd.answers(authority({}));
    // Nothing on this machine may help: no CLI on the path, and no managed identity.
    const path = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    try {
      const result = await failure({});
      assert.equal(result.kind === "signIn" ? result.reason : result.kind, "missing");
    } finally {
      process.env["PATH"] = path;
    }
  });

  it("an authority with an untrusted certificate is named so", async () => {
    odd.answers(authority({}));
    distrust();
    try {
      // A new host: connections that are open already stay trusted.
      const stranger = await OddGraph.start();
      const result = await failure(SECRET, TENANT, stranger.url);
      await stranger.close();
      assert.equal(result.kind === "unreachable" ? result.reason : result.kind, "certificate");
      assert.equal(result.kind === "unreachable" && result.host, new URL(stranger.url).host);
    } finally {
      distrust = odd.trust();
    }
  });

  it("an authority that is down is named so", async function () {
    this.timeout(120_000);
    const down = await OddGraph.start();
    await down.close();
    const result = await failure(SECRET, TENANT, down.url);
    assert.equal(result.kind === "unreachable" ? result.reason : result.kind, "refused");
    assert.equal(result.kind === "unreachable" && result.host, new URL(down.url).host);
  });

  it("an authority that says nothing is not waited for without end", async () => {
    const accepted: Socket[] = [];
    const silent = createServer((socket) => accepted.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, "localhost", resolve));
    const authority = `https://localhost:${(silent.address() as AddressInfo).port}`;
    const result = await failure(SECRET, TENANT, authority, { requestTimeoutMs: 100 });
    silent.close();
    // They have no reader, so they would not even see that the client has gone, and the process would never end.
    for (const socket of accepted) socket.destroy();
    assert.equal(result.kind === "unreachable" ? result.reason : result.kind, "timeout");
  });

  it("credentials that cannot even be tried say why", async () => {
    odd.answers(authority({}));
    const result = await failure({ AZURE_TOKEN_CREDENTIALS: "nonsense" });
    assert.equal(result.kind === "signIn" ? result.reason : result.kind, "other");
    assert.match(JSON.stringify(result), /AZURE_TOKEN_CREDENTIALS/);
  });

  describe("confirming the tenant", () => {
    const contoso: Reply = {
      body: {
        value: [
          {
            id: TENANT.toUpperCase(),
            displayName: "Contoso",
            countryLetterCode: "CH",
            verifiedDomains: [{ name: "Contoso.com", isDefault: true }, {}],
          },
        ],
      },
    };
    const forbidden: Reply = { status: 403, body: { error: { code: "Authorization_RequestDenied", message: "…" } } };

    it("the organisation says", async () => {
      odd.answers(authority({ graph: contoso }));
      const identity = await withAzureEnvironment(SECRET, () => connect().identity());
      assert.deepEqual(identity, {
        id: TENANT,
        displayName: "Contoso",
        domains: ["contoso.com"],
        country: "CH",
        source: "organization",
        tokenTenantId: TENANT,
      });
    });

    it("the token says, where the organisation may not be read", async () => {
      odd.answers(authority({ graph: forbidden }));
      const { verdict, identity } = await withAzureEnvironment(SECRET, () => connect("contoso.com").checkTenant());
      assert.deepEqual([verdict, identity.source, identity.id], ["pass", "token", TENANT]);
    });

    it("is unknown: an opaque token, and the organisation may not be read", async () => {
      const token: Reply = { body: { token_type: "Bearer", expires_in: 3600, access_token: "opaque" } };
      odd.answers(authority({ graph: forbidden, token }));
      const { verdict, identity } = await withAzureEnvironment(SECRET, () => connect().checkTenant());
      assert.deepEqual([verdict, identity.id], ["fail", null]);
    });

    it("credentials for another tenant are found out", async () => {
      odd.answers(authority({ graph: contoso }));
      const other = "6f1c0000-0000-4000-8000-000000000002";
      const { verdict, reason } = await withAzureEnvironment(SECRET, () => connect(other).checkTenant());
      assert.equal(verdict, "fail");
      assert.ok(reason.includes(other) && reason.includes("Contoso"));
    });

    it("a domain that the authority does not know", async () => {
      odd.answers((request) =>
        request.url.startsWith("/nowhere.example/")
          ? refusal("AADSTS90002", "Tenant 'nowhere.example' not found.")
          : authority({ graph: contoso })(request),
      );
      const { verdict } = await withAzureEnvironment(SECRET, () => connect("nowhere.example").checkTenant());
      assert.equal(verdict, "fail");
    });
  });
});
