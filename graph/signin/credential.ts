import type { TokenCredential } from "@azure/core-auth";
import {
  AzurePipelinesCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
} from "@azure/identity";

import { isMicrosoftAuthority } from "./clouds";
import { AuthorityAnswers, observing } from "./authority-answers";
import { SIGN_IN_RETRIES } from "../client/limits";
import { proxiedFetch } from "../client/proxied-fetch";
import { proxyOf } from "../client/proxy";
import { signInClient } from "./sign-in-client";
import { isGuid } from "../../licensing/model";

/**
 * The credentials of the environment, workload identity, managed identity or `az login`; this program adds none. The
 * environment's tenant wins over the configured one, so that comparing them exposes credentials for another tenant.
 */
export function defaultCredential(
  authority: string,
  configuredTenant: string,
  answers = new AuthorityAnswers(),
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
  const pipeline = pipelineConnection(env);
  if (pipeline !== null) {
    const { tenantId, clientId, connectionId, accessToken } = pipeline;
    return new AzurePipelinesCredential(tenantId, clientId, connectionId, accessToken, options);
  }
  const tenant = env["AZURE_TENANT_ID"];
  if (tenant === undefined || tenant === "") {
    const clientId = env["AZURE_CLIENT_ID"];
    const secret = env["AZURE_CLIENT_SECRET"];
    const certificatePath = env["AZURE_CLIENT_CERTIFICATE_PATH"];
    // The library's environment credential ignores these without AZURE_TENANT_ID; the stack file already names the
    // tenant.
    if (clientId && secret) return new ClientSecretCredential(configuredTenant, clientId, secret, options);
    if (clientId && certificatePath) {
      const certificatePassword = env["AZURE_CLIENT_CERTIFICATE_PASSWORD"];
      const certificate = { certificatePath, ...(certificatePassword ? { certificatePassword } : {}) };
      return new ClientCertificateCredential(configuredTenant, clientId, certificate, options);
    }
    return new DefaultAzureCredential(isGuid(configuredTenant) ? { ...options, tenantId: configuredTenant } : options);
  }
  return new DefaultAzureCredential({ ...options, tenantId: tenant });
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
