import { GraphError } from "../../graph/client/failure";
import type { TenantReads } from "../../graph/tenant-graph";
import { Catalog } from "../../licensing/catalog/catalog";

/** Graph's message has only ids of plans and SKUs; this adds their names. */
export async function withNamesInFailure(graph: TenantReads, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof GraphError) || error.failure.kind !== "licenseRule") throw error;
    const catalog = new Catalog(await graph.subscribedSkus().catch(() => []));
    throw new GraphError({ ...error.failure, message: catalog.withNames(error.failure.message) });
  }
}
