import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { proxiedFetch } from "../../graph/client/proxied-fetch";

/** What Entra expects in a token that stands for an app: "audience" of its federated credentials. */
const AUDIENCE = "api://AzureADTokenExchange";

/** GitHub's tokens live for minutes, a wave may take hours: each sign-in finds a young one. */
const RENEW_MS = 4 * 60_000;

/**
 * Does the work with the identity of a GitHub workflow, without any secret: its OIDC token lies in a file that
 * `@azure/identity` reads at each sign-in, renewed for as long as the work takes. Where there is no such identity (on a
 * laptop, or with a file that somebody else keeps), the work finds the credentials that are there.
 */
export async function withWorkloadIdentity<T>(
  environment: NodeJS.ProcessEnv,
  work: (environment: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = environment;
  if (!url || !bearer || environment["AZURE_FEDERATED_TOKEN_FILE"]) return work(environment);

  const folder = mkdtempSync(join(tmpdir(), "entra-group-licensing-identity-"));
  const file = join(folder, "token");
  const renew = async () => {
    writeFileSync(file, await requestToken(url, bearer), { mode: 0o600 });
  };
  try {
    await renew();
    // A token that can't be renewed once is renewed the next time; when none can, signing in says why.
    const renewal = setInterval(() => void renew().catch(() => undefined), RENEW_MS);
    try {
      return await work({
        // No other way in is tried, so that a refusal is about this identity, and comes at once.
        AZURE_TOKEN_CREDENTIALS: "WorkloadIdentityCredential",
        ...environment,
        AZURE_FEDERATED_TOKEN_FILE: file,
        ...forAzuread(environment, file),
      });
    } finally {
      clearInterval(renewal);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The plugin that makes groups signs in by itself, by variables of its own: here with the same identity. */
function forAzuread(environment: NodeJS.ProcessEnv, file: string): NodeJS.ProcessEnv {
  if (environment["ARM_CLIENT_ID"]) return {};
  return {
    ARM_USE_OIDC: "true",
    ARM_CLIENT_ID: environment["AZURE_CLIENT_ID"],
    ARM_TENANT_ID: environment["AZURE_TENANT_ID"],
    ARM_OIDC_TOKEN_FILE_PATH: file,
  };
}

async function requestToken(url: string, bearer: string): Promise<string> {
  const at = new URL(url);
  at.searchParams.set("audience", AUDIENCE);
  const answer = await proxiedFetch(at, { headers: { authorization: `Bearer ${bearer}`, accept: "application/json" } });
  if (!answer.ok) {
    throw new Error(
      `GitHub gave no identity for this workflow (${answer.status}). The job needs "permissions: id-token: write".`,
    );
  }
  const { value } = (await answer.json()) as { value?: string };
  if (!value) throw new Error("GitHub answered without a token for this workflow.");
  return value;
}
