import { missingFor, type TenantReads } from "../graph/tenant-graph";

/** With this permission an app may do what its user may. */
const AS_THE_USER = "Directory.AccessAsUser.All";

export interface Reprocessing {
  readonly reprocess: boolean;
  readonly warnings: readonly string[];
}

/** Whether members in error are reprocessed: the stack file asks for it, and the token does not exclude it. */
export async function resolveReprocessing(
  graph: Pick<TenantReads, "signedInAs">,
  isAskedFor: boolean,
): Promise<Reprocessing> {
  if (!isAskedFor) return { reprocess: false, warnings: [] };
  const { permissions } = await graph.signedInAs();
  if (permissions === null || permissions.includes(AS_THE_USER)) return { reprocess: true, warnings: [] };
  const missing = missingFor("reprocess", permissions);
  if (missing.length === 0) return { reprocess: true, warnings: [] };
  const why = `The token has no ${missing.join(" and ")}, so members in error are not reprocessed as licensing:reprocess asks.`;
  return { reprocess: false, warnings: [`${why} Grant it, or take the key out; nothing else depends on it.`] };
}
