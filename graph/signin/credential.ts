import type { TokenCredential } from "@azure/core-auth";
import {
  AzurePipelinesCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
} from "@azure/identity";

import { isMicrosoftAuthority } from "./clouds";
import { AuthorityAnswers, observing } from "./authority-answers";
import { proxiedFetch } from "../client/proxied-fetch";
import { proxyOf } from "../client/proxy";
import { signInClient } from "./sign-in-client";

/** Ours: the library's default takes 7 s to say that nobody answers. */
const SIGN_IN_RETRIES = { maxRetries: 2, retryDelayInMs: 400 };

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The credentials of whoever runs this: environment, workload identity, managed identity, `az login`; nothing of our own.
 * The environment's tenant comes first, so that credentials for another tenant are found out by comparing and never bent to fit.
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
    // Without a proxy the library sends by itself, as it is tested.
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
    // The library's environment credential does nothing without AZURE_TENANT_ID; the stack file already names the tenant.
    if (clientId && secret) return new ClientSecretCredential(configuredTenant, clientId, secret, options);
    if (clientId && certificatePath) {
      const certificatePassword = env["AZURE_CLIENT_CERTIFICATE_PASSWORD"];
      const certificate = { certificatePath, ...(certificatePassword ? { certificatePassword } : {}) };
      return new ClientCertificateCredential(configuredTenant, clientId, certificate, options);
    }
    return new DefaultAzureCredential(
      GUID.test(configuredTenant) ? { ...options, tenantId: configuredTenant } : options,
    );
  }
  return new DefaultAzureCredential({ ...options, tenantId: tenant });
}

/**
 * Whether the sign-in is the `az login` of a pipeline's task: with a federated token, as a rule, which it can't renew.
 * https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity
 */
export function isLoginOfPipeline(env: NodeJS.ProcessEnv = process.env): boolean {
  const ownWays = ["AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_FEDERATED_TOKEN_FILE"];
  const isPipeline = Boolean(env["TF_BUILD"] ?? env["GITHUB_ACTIONS"]);
  return isPipeline && pipelineConnection(env) === null && ownWays.every((name) => !env[name]);
}

/**
 * The service connection of a task in Azure Pipelines that was given the job's token. It asks for a new assertion at each sign-in, for as
 * long as the job lasts; the `az login` of that task can't be renewed once its assertion is over, after ten minutes (AADSTS700024).
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
