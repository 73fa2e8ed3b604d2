import type { TenantGraph } from "../graph/tenant-graph";
import type { TenantIdentity } from "../graph/tenant-identity";
import { Refusal } from "./refusal";

/** Makes sure that the credentials are for the tenant that the stack file names, before anything else is read. */
export async function confirmTenant(graph: TenantGraph, configured: string): Promise<TenantIdentity> {
  const { identity, match } = await graph.confirmIdentity(configured);
  if (match.verdict === "pass") return identity;
  throw new Refusal(
    `The credentials are not for the tenant of this stack; nothing was read or changed. ${match.reason} ` +
      "Sign in to the right tenant (AZURE_TENANT_ID, az login --tenant …), or correct licensing:tenant.",
  );
}
