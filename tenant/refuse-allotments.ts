import type { TenantGraph } from "../graph/tenant-graph";
import { Refusal } from "../licensing/refusal";

/** In a tenant with licence allotments nobody can tell direct from inherited, so nothing can be proven. */
export async function refuseAllotments(graph: TenantGraph): Promise<void> {
  if ((await graph.probeAllotments()) === "none") return;
  throw new Refusal(
    "This tenant uses licence allotments (a preview of Microsoft's cloud licensing), under which Graph no longer tells " +
      "direct from inherited licences. Nothing was changed, and nothing can be proven safe here. " +
      "Use this program after the tenant has left the preview.",
  );
}
