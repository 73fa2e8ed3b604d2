import { missingFor, OPERATIONS, type Operation, type OperationFacts, type TenantReads } from "../graph/tenant-graph";

/**
 * One warning about permissions that the app's token lacks for a run. Graph would refuse these requests user by user, so
 * users would be blocked by a run that succeeds. Nothing is said of users and of tokens that do not tell.
 *
 * @param writes `false`: a preview, which needs the permissions to read alone
 */
export async function permissionWarnings(
  graph: Pick<TenantReads, "signedInAs">,
  writes: boolean,
): Promise<readonly string[]> {
  const { as, permissions } = await graph.signedInAs();
  if (as !== "app" || permissions === null || permissions.length === 0) return [];
  const lacking = (Object.keys(OPERATIONS) as Operation[]).flatMap((operation) => {
    const { part, words, isUnlisted }: OperationFacts = OPERATIONS[operation];
    const isNeeded = part === "preview" || (writes && part === "up");
    // The permission data does not list it, so the token can't tell whether Graph refuses.
    if (!isNeeded || isUnlisted === true) return [];
    const missing = missingFor(operation, permissions);
    return missing.length === 0 ? [] : [`to ${words} (${missing.join(" and ")})`];
  });
  if (lacking.length === 0) return [];
  return [
    `The app's token lacks a permission ${lacking.join(", ")}. Where Graph refuses that, users stay blocked and keep ` +
      "their direct licences, or the run stops. Grant what is missing: entra-licensing doctor prints the commands (docs/permissions.md).",
  ];
}

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
