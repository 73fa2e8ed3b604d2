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
