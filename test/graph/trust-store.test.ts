import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { OddGraph } from "./odd-graph";

const TENANT = "6f1c0000-0000-4000-8000-000000000001";

describe("the trust store of a process", () => {
  let odd: OddGraph;
  let folder: string;

  before(async () => {
    odd = await OddGraph.start();
    odd.answers(({ url }) => {
      if (url.includes("/.well-known/")) {
        const at = `${odd.url}/${TENANT}`;
        return {
          body: {
            issuer: `${at}/v2.0`,
            token_endpoint: `${at}/oauth2/v2.0/token`,
            authorization_endpoint: `${at}/oauth2/v2.0/authorize`,
            jwks_uri: `${at}/discovery/v2.0/keys`,
          },
        };
      }
      if (url.includes("/token")) return { body: { token_type: "Bearer", expires_in: 3600, access_token: "opaque" } };
      return { body: { value: [] } };
    });
    folder = await mkdtemp(join(tmpdir(), "graph-trust-"));
    await writeFile(join(folder, "ca.pem"), odd.certificate);
  });

  after(async () => {
    await odd.close();
    await rm(folder, { recursive: true });
  });

  async function readSkus(trust: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--require", "./loader/typescript.cjs", join(__dirname, "sku-reader.ts"), odd.url, TENANT],
      {
        env: {
          PATH: process.env["PATH"],
          AZURE_TENANT_ID: TENANT,
          AZURE_CLIENT_ID: TENANT,
          AZURE_CLIENT_SECRET: "secret",
          ...trust,
        },
      },
    );
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  it("NODE_EXTRA_CA_CERTS is honoured by the sign-in and by Graph", async function () {
    this.timeout(20_000);
    assert.deepEqual(await readSkus({ NODE_EXTRA_CA_CERTS: join(folder, "ca.pem") }), { skus: 0 });
  });

  it("without it the certificate is refused", async function () {
    this.timeout(20_000);
    const { kind, reason } = await readSkus({});
    assert.deepEqual([kind, reason], ["unreachable", "certificate"]);
  });
});
