import type { TenantReads, TenantIdentity } from "../graph/tenant-graph";
import type { Guid } from "../licensing/model";
import { Refusal } from "../licensing/refusal";

/**
 * Checks that the credentials are for the tenant of the stack file, before anything else is read.
 *
 * @throws {Refusal} if they are not, or if that is unknown
 */
export async function confirmTenant(graph: TenantReads): Promise<TenantIdentity & { readonly id: Guid }> {
  const { verdict, reason, identity } = await graph.checkTenant();
  // check: the credentials are for the tenant of the stack file
  if (verdict === "pass" && identity.id !== null) return { ...identity, id: identity.id };
  throw new Refusal(
    `The credentials are not for the tenant of this stack; nothing was read or changed: ${reason}. ` +
      "Sign in to the right tenant (AZURE_TENANT_ID, az login --tenant …), or correct licensing:tenant.",
  );
}
