import type { TokenCredential } from "@azure/core-auth";
import {
  AzurePipelinesCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  WorkloadIdentityCredential,
  type TokenCredentialOptions,
} from "@azure/identity";

import { isMicrosoftAuthority } from "./clouds";
import { AuthorityAnswers, observing } from "./authority-answers";
import { GraphError } from "../client/failure";
import { SIGN_IN_RETRIES } from "../client/limits";
import { proxiedFetch } from "../client/proxied-fetch";
import { proxyOf } from "../client/proxy";
import { signInClient } from "./sign-in-client";
import { signInEnvironment } from "./sign-in-environment";
import { isGuid } from "../../licensing/model";

/**
 * The credentials of the environment, workload identity, managed identity or `az login`; this program adds none. The
 * environment's tenant wins over the configured one, so that comparing them exposes credentials for another tenant.
 *
 * @param prefix of the variables of this tenant; with one, no other variable counts, and no login of this machine
 * @throws {GraphError} `signIn` if the variables with the prefix are not set
 */
export function defaultCredential(
  authority: string,
  configuredTenant: string,
  answers = new AuthorityAnswers(),
  prefix?: string,
  env: NodeJS.ProcessEnv = process.env,
): TokenCredential {
  const options = {
    authorityHost: authority,
    disableInstanceDiscovery: !isMicrosoftAuthority(authority),
    retryOptions: SIGN_IN_RETRIES,
    additionalPolicies: [{ policy: observing(answers, authority), position: "perRetry" as const }],
    // Without a proxy, the library's own client sends, which its authors have tested.
    ...(proxyOf(env) === null ? {} : { httpClient: signInClient(proxiedFetch) }),
  };
  const own = signInEnvironment(prefix, env);
  const pipeline = pipelineConnection(own);
  if (pipeline !== null) {
    const { tenantId, clientId, connectionId, accessToken } = pipeline;
    return new AzurePipelinesCredential(tenantId, clientId, connectionId, accessToken, options);
  }
  const tenant = own["AZURE_TENANT_ID"] || undefined;
  if (prefix !== undefined) return prefixedCredential(own, tenant ?? configuredTenant, prefix, options);
  if (tenant !== undefined) return new DefaultAzureCredential({ ...options, tenantId: tenant });
  // The library's environment credential ignores these without AZURE_TENANT_ID; the stack file already names the tenant.
  const ofApp = appCredential(own, configuredTenant, options);
  if (ofApp !== null) return ofApp;
  return new DefaultAzureCredential(isGuid(configuredTenant) ? { ...options, tenantId: configuredTenant } : options);
}

/** By the app's secret or certificate; `null` if the variables name neither. */
function appCredential(
  env: NodeJS.ProcessEnv,
  tenant: string,
  options: TokenCredentialOptions,
): ClientSecretCredential | ClientCertificateCredential | null {
  const clientId = env["AZURE_CLIENT_ID"];
  const secret = env["AZURE_CLIENT_SECRET"];
  const certificatePath = env["AZURE_CLIENT_CERTIFICATE_PATH"];
  if (clientId && secret) return new ClientSecretCredential(tenant, clientId, secret, options);
  if (!clientId || !certificatePath) return null;
  const certificatePassword = env["AZURE_CLIENT_CERTIFICATE_PASSWORD"];
  const certificate = { certificatePath, ...(certificatePassword ? { certificatePassword } : {}) };
  return new ClientCertificateCredential(tenant, clientId, certificate, options);
}

/** Never a default credential: that would look for logins of this machine, and for variables without the prefix. */
function prefixedCredential(
  env: NodeJS.ProcessEnv,
  tenantId: string,
  prefix: string,
  options: TokenCredentialOptions,
): TokenCredential {
  const ofApp = appCredential(env, tenantId, options);
  if (ofApp !== null) return ofApp;
  const { AZURE_CLIENT_ID: clientId, AZURE_FEDERATED_TOKEN_FILE: tokenFilePath } = env;
  if (clientId && tokenFilePath)
    return new WorkloadIdentityCredential({ ...options, tenantId, clientId, tokenFilePath });
  throw new GraphError({ kind: "signIn", reason: "prefixed", detail: `No credentials begin with ${prefix}.` });
}

/**
 * True if the sign-in is the `az login` of a pipeline's task, which usually has a federated token that it cannot renew.
 * https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity
 */
export function isLoginOfPipeline(env: NodeJS.ProcessEnv = process.env): boolean {
  const ownWays = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"];
  const isPipeline = Boolean(env["TF_BUILD"] ?? env["GITHUB_ACTIONS"]);
  return isPipeline && pipelineConnection(env) === null && ownWays.every((name) => !env[name]);
}

/**
 * The service connection of an Azure Pipelines task that was given the job's token. It gets a new assertion at each
 * sign-in while the job lasts; the task's `az login` ends with its assertion after ten minutes (AADSTS700024).
 */
function pipelineConnection(env: NodeJS.ProcessEnv) {
  const {
    SYSTEM_ACCESSTOKEN: accessToken,
    SYSTEM_OIDCREQUESTURI: requests,
    AZURESUBSCRIPTION_TENANT_ID: tenantId,
    AZURESUBSCRIPTION_CLIENT_ID: clientId,
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: connectionId,
  } = env;
  return accessToken && requests && tenantId && clientId && connectionId
    ? { tenantId, clientId, connectionId, accessToken }
    : null;
}
