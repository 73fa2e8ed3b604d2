import { randomUUID, timingSafeEqual } from "node:crypto";
import type { App, TenantFacts } from "../directory/entities";
import type { GraphResponse } from "../http/message";
import { whyRefused } from "./federated";
import type { Tokens } from "./tokens";

interface Authority {
  readonly url: string;
  readonly facts: TenantFacts;
  readonly apps: readonly App[];
  readonly tokens: Tokens;
  readonly now: Date;
}

interface SignInRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Entra's sign-in service: metadata, and tokens for apps with a secret or a federated credential. `undefined` for other paths. */
export function signIn(authority: Authority, request: SignInRequest): GraphResponse | undefined {
  if (request.method === "GET" && request.path === "/metadata/endpoints") return answer(200, cloudMetadata(authority));
  const path =
    /^\/([^/]+)\/(?:v2\.0\/)?(\.well-known\/openid-configuration|oauth2\/v2\.0\/token|discovery\/v2\.0\/keys)$/;
  const [, tenant = "", endpoint = ""] = path.exec(request.path) ?? [];
  if (endpoint === "") return undefined;
  if (request.method !== (endpoint.endsWith("token") ? "POST" : "GET")) return undefined;
  if (!isTenant(authority.facts, decodeURIComponent(tenant)))
    return entraError(
      authority,
      400,
      endpoint.endsWith("token") ? "invalid_request" : "invalid_tenant",
      90002,
      `Tenant '${decodeURIComponent(tenant)}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    );
  if (endpoint.endsWith("keys")) return answer(200, authority.tokens.keys());
  if (endpoint.endsWith("token")) return token(authority, new URLSearchParams(request.body));
  return answer(200, openIdConfiguration(authority));
}

/** The cloud's service URLs in the format of `management.azure.com/metadata/endpoints`. The azuread plugin reads them from `metadataHost`. */
function cloudMetadata({ url }: Authority): object {
  return {
    name: "EmbeddedGraph",
    resourceManager: url,
    microsoftGraphResourceId: url,
    authentication: { loginEndpoint: url, audiences: [url], tenant: "common", identityProvider: "AAD" },
    suffixes: {},
  };
}

function isTenant(facts: TenantFacts, name: string): boolean {
  return [facts.id, ...facts.verifiedDomains].includes(name.toLowerCase());
}

function openIdConfiguration({ url, facts }: Authority): object {
  const base = `${url}/${facts.id}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post"],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${base}/v2.0`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${url}/oidc/userinfo`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "tid", "ver"],
    tenant_region_scope: "NA",
    cloud_instance_name: new URL(url).host,
    cloud_graph_host_name: new URL(url).host,
    msgraph_host: new URL(url).host,
  };
}

function token(authority: Authority, form: URLSearchParams): GraphResponse {
  const grant = form.get("grant_type") ?? "";
  if (grant !== "client_credentials")
    return entraError(
      authority,
      400,
      "unsupported_grant_type",
      70003,
      `The app requested an unsupported grant type '${grant}'.`,
    );
  const clientId = form.get("client_id") ?? "";
  const app = authority.apps.find((candidate) => candidate.clientId === clientId.toLowerCase());
  if (!app)
    return entraError(
      authority,
      400,
      "unauthorized_client",
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${authority.facts.displayName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    );
  const assertion = form.get("client_assertion");
  if (assertion !== null) return tokenForAssertion(authority, app, assertion, form);
  const secret = form.get("client_secret");
  if (secret === null)
    return entraError(
      authority,
      401,
      "invalid_client",
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    );
  if (!same(secret, app.secret))
    return entraError(
      authority,
      401,
      "invalid_client",
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${app.clientId}'.`,
    );
  return tokenForScope(authority, app, form.get("scope") ?? "");
}

function tokenForAssertion(authority: Authority, app: App, assertion: string, form: URLSearchParams): GraphResponse {
  const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  if (form.get("client_assertion_type") !== type)
    return entraError(authority, 400, "invalid_request", 900144, `'client_assertion_type' must be '${type}'.`);
  const refused = whyRefused(assertion, app, authority.now);
  if (refused !== null) return entraError(authority, 401, "invalid_client", refused.code, refused.message);
  return tokenForScope(authority, app, form.get("scope") ?? "");
}

function tokenForScope(authority: Authority, app: App, scope: string): GraphResponse {
  if (!scope.endsWith("/.default"))
    return entraError(
      authority,
      400,
      "invalid_scope",
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  const resource = scope.slice(0, -"/.default".length).replace(/\/$/, "");
  if (!isGraph(resource, authority.url))
    return entraError(
      authority,
      400,
      "invalid_resource",
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${authority.facts.displayName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
    );
  const { tokens, facts, url } = authority;
  return answer(200, {
    token_type: "Bearer",
    expires_in: tokens.lifetimeSeconds,
    ext_expires_in: tokens.lifetimeSeconds,
    access_token: tokens.issue(app, facts.id, `${url}/${facts.id}/`, resource),
  });
}

function isGraph(resource: string, url: string): boolean {
  const { port } = new URL(url);
  return ["https://graph.microsoft.com", url, `https://127.0.0.1:${port}`, `https://[::1]:${port}`].includes(resource);
}

function entraError(authority: Authority, status: number, error: string, code: number, message: string): GraphResponse {
  const traceId = randomUUID();
  const correlationId = randomUUID();
  const timestamp = `${authority.now.toISOString().slice(0, 19).replace("T", " ")}Z`;
  return answer(status, {
    error,
    error_description: `AADSTS${code}: ${message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `${authority.url}/error?code=${code}`,
  });
}

const answer = (status: number, body: object): GraphResponse => ({
  status,
  headers: { "cache-control": "no-store" },
  body,
});

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
