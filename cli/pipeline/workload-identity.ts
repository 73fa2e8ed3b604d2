import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { proxiedFetch } from "../../graph/client/proxied-fetch";

/** The audience that Entra requires in a federated token. */
const AUDIENCE = "api://AzureADTokenExchange";

/** GitHub's tokens expire after minutes but a wave may take hours, so the token is renewed for each sign-in. */
const RENEW_MS = 4 * 60_000;

/**
 * Runs `work` with the workload identity of a GitHub workflow, without a secret: its OIDC token is in a file that
 * `@azure/identity` reads at each sign-in and that is renewed until the work ends. Without such an identity, or with a token file
 * from elsewhere, the environment stays unchanged.
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
    // A failed renewal is retried at the next interval. If all fail, the sign-in reports the cause.
    const renewal = setInterval(() => void renew().catch(() => undefined), RENEW_MS);
    try {
      return await work({
        // No other credential is tried, so that an error is about this identity and comes at once.
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

/** The azuread plugin reads its own variables; these give it the same identity. */
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
