import { isTransientStatus } from "./authority-answers";
import { GraphError } from "../client/failure";
import { OPEN_ID_TIMEOUT_MS } from "../client/limits";
import { unreachable } from "../client/network-trouble";
import { parseVisible } from "../client/visible-text";
import { guidsIn } from "../../licensing/model";

export type OpenIdAnswer =
  | {
      readonly kind: "tenant";
      readonly id: string | null;
      /** The Graph host that serves this tenant, such as `graph.microsoft.us`; `null` if the authority does not say. */
      readonly graphHost: string | null;
    }
  /** The authority knows no such tenant; `detail` is its own message. */
  | { readonly kind: "refused"; readonly detail: string };

/**
 * The authority's OpenID configuration of a tenant, given by id or domain; its issuer holds the tenant's id. Needs no
 * credentials.
 *
 * @throws {GraphError} `unreachable`; `signIn` if the authority is out of order
 */
export async function openIdConfiguration(
  authority: string,
  tenant: string,
  fetch: typeof globalThis.fetch,
  timeoutMs = OPEN_ID_TIMEOUT_MS,
): Promise<OpenIdAnswer> {
  const url = `${authority}/${encodeURIComponent(tenant)}/v2.0/.well-known/openid-configuration`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    text = await response.text();
  } catch (error) {
    throw unreachable(authority, error);
  }
  if (isTransientStatus(response.status)) {
    const detail = `The authority answers ${response.status}.`;
    throw new GraphError({ kind: "signIn", reason: "unavailable", detail });
  }
  const body = parse(text);
  if (!response.ok) {
    return {
      kind: "refused",
      detail: stringIn(body, "error_description") ?? `the authority answers ${response.status}`,
    };
  }
  const [id = null] = guidsIn(`${stringIn(body, "issuer") ?? ""} ${stringIn(body, "token_endpoint") ?? ""}`);
  return { kind: "tenant", id, graphHost: stringIn(body, "msgraph_host") };
}

function parse(text: string): unknown {
  try {
    return parseVisible(text);
  } catch {
    return null;
  }
}

function stringIn(body: unknown, name: string): string | null {
  const value = typeof body === "object" && body !== null ? (body as Record<string, unknown>)[name] : undefined;
  return typeof value === "string" ? value : null;
}
