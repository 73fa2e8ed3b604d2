import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import type { OddGraph } from "./odd-graph";

const TENANT = "6f1c0000-0000-4000-8000-000000000001";

/** Has the odd Graph sign in every app, and answer with empty lists. */
export function answerSignInAt(odd: OddGraph, url: string): void {
  odd.answers((request) => {
    if (request.url.includes("/.well-known/")) {
      const at = `${url}/${TENANT}`;
      return {
        body: {
          issuer: `${at}/v2.0`,
          token_endpoint: `${at}/oauth2/v2.0/token`,
          authorization_endpoint: `${at}/oauth2/v2.0/authorize`,
          jwks_uri: `${at}/discovery/v2.0/keys`,
        },
      };
    }
    if (request.url.includes("/token")) {
      return { body: { token_type: "Bearer", expires_in: 3600, access_token: "opaque" } };
    }
    return { body: { value: [] } };
  });
}

/** What a process of its own, with nothing but this environment, makes of the SKUs of the tenant at `url`. */
export async function readSkusInProcess(
  url: string,
  environment: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--require", join(__dirname, "../../dev/typescript.cjs"), join(__dirname, "sku-reader.ts"), url, TENANT],
    {
      env: {
        PATH: process.env["PATH"],
        AZURE_TENANT_ID: TENANT,
        AZURE_CLIENT_ID: TENANT,
        AZURE_CLIENT_SECRET: "secret",
        ...environment,
      },
    },
  );
  return JSON.parse(stdout) as Record<string, unknown>;
}
