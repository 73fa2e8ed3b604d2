import { isGuid, type Guid } from "../../licensing/model";
import type { Judgement } from "../../licensing/verdict";
import { OPERATIONS } from "../diagnostics/permissions";

/** The tenant that the credentials reach. */
export interface TenantIdentity {
  /** `null` if neither the organisation nor the token could be read. Then nothing may run. */
  readonly id: Guid | null;
  readonly displayName: string | null;
  /** Verified domains in lower case; empty if the organisation could not be read. */
  readonly domains: readonly string[];
  /** The tenant's country, which inherited licences use for a user without a usage location. */
  readonly country: string | null;
  /** The source of `id`. */
  readonly source: "organization" | "token" | "unknown";
  /** The tenant in the access token; `null` if the token cannot be read. */
  readonly tokenTenantId: Guid | null;
}

/** There is nothing to wait for: it is the right tenant, or it is not. */
export type TenantVerdict = Judgement & { readonly verdict: "pass" | "fail" };

/**
 * Whether the credentials reach the tenant that the stack file names. Unknown is never pass.
 *
 * @param configured the tenant's id or one of its domains, from the stack file
 * @param openIdTenantId the tenant's id for a configured domain, from the authority's OpenID configuration
 */
export function matchesTenant(
  identity: TenantIdentity,
  configured: string,
  openIdTenantId: Guid | null,
): TenantVerdict {
  const wanted = configured.trim().toLowerCase();
  const { id, tokenTenantId, domains } = identity;
  if (id === null) {
    return fail(`the tenant of the credentials is unknown, so it cannot be compared with ${configured}`);
  }
  if (tokenTenantId !== null && tokenTenantId !== id) {
    return fail(`the organisation is ${id}, but the access token is for ${tokenTenantId}`);
  }
  const reached = identity.displayName === null ? id : `${identity.displayName} (${id})`;
  if (isGuid(wanted)) {
    return wanted === id ? pass(`the tenant is ${reached}`) : fail(mismatch(reached, configured));
  }
  if (openIdTenantId !== null && openIdTenantId !== id) return fail(mismatch(reached, configured));
  if (domains.includes(wanted)) return pass(`${configured} is a domain of ${reached}`);
  if (openIdTenantId === id) return pass(`${configured} belongs to ${reached}`);
  if (identity.source === "token") {
    return fail(
      `the credentials reach ${reached}, and whether ${configured} is one of its domains cannot be told, because they may not ` +
        `read the organisation: write the tenant's id in licensing:tenant, or grant the application permission ` +
        OPERATIONS.readOrganization.permissions.join(" and "),
    );
  }
  return fail(`${mismatch(reached, configured)}; ${configured} is none of its domains`);
}

/** The `tid` claim of an access token; `null` for an opaque token. The signature is not checked: Graph does that. */
export function tenantOfToken(token: string): Guid | null {
  const payload = token.split(".")[1];
  if (payload === undefined) return null;
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { tid?: unknown } | null;
    return typeof claims?.tid === "string" ? claims.tid.toLowerCase() : null;
  } catch {
    return null;
  }
}

function mismatch(reached: string, configured: string): string {
  return `the credentials reach ${reached}, but licensing:tenant is ${configured}`;
}

function pass(reason: string): TenantVerdict {
  return { verdict: "pass", reason };
}

function fail(reason: string): TenantVerdict {
  return { verdict: "fail", reason };
}
