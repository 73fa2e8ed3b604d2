import { GraphError } from "../client/failure";
import type { GraphHttp } from "../client/http";
import { allOf } from "../client/pages";
import * as queries from "./queries";
import { tenantOfToken, type TenantIdentity } from "../signin/tenant-identity";
import { isObject, listFrom, textFrom } from "./wire";

/**
 * The tenant that the credentials reach, from the organisation; from the token if that may not be read.
 *
 * @throws {GraphError} for any failure other than `forbidden`
 */
export async function readIdentity(http: GraphHttp): Promise<TenantIdentity> {
  const organization = await readOrganization(http);
  const tokenTenantId = tenantOfToken(await http.transport.tokens.getAccessToken());
  const id = textFrom(organization?.["id"])?.toLowerCase() ?? null;
  return {
    id: id ?? tokenTenantId,
    displayName: textFrom(organization?.["displayName"]),
    domains: listFrom(organization?.["verifiedDomains"])
      .map((domain) => (isObject(domain) ? textFrom(domain["name"])?.toLowerCase() : undefined))
      .filter((name) => name !== undefined),
    country: textFrom(organization?.["countryLetterCode"]),
    source: id !== null ? "organization" : tokenTenantId !== null ? "token" : "unknown",
    tokenTenantId,
  };
}

async function readOrganization(http: GraphHttp): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const first = (await allOf(http, queries.organization()))[0];
    return isObject(first) ? first : null;
  } catch (error) {
    if (error instanceof GraphError && error.failure.kind === "forbidden") return null;
    throw error;
  }
}
