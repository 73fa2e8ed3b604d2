import type { SignedIn } from "../../graph/tenant-graph";

/** Microsoft Graph, in every tenant and cloud. */
const GRAPH_APP = "00000003-0000-0000-c000-000000000000";

/** How to grant a permission of Graph to whoever is signed in: commands to copy, or the page. */
export function howToGrant(
  permission: string,
  { as, appId, objectId, isManagedIdentity }: SignedIn,
): readonly string[] {
  const role = `role=$(az ad sp show --id ${GRAPH_APP} --query "appRoles[?value=='${permission}'].id | [0]" --output tsv)`;
  if (as === "app" && isManagedIdentity && objectId !== null) {
    return [
      `Grant ${permission} to the managed identity, as Privileged Role Administrator:`,
      role,
      `graph=$(az ad sp show --id ${GRAPH_APP} --query id --output tsv)`,
      `az rest --method POST --url https://graph.microsoft.com/v1.0/servicePrincipals/${objectId}/appRoleAssignments \\`,
      `  --body "{\\"principalId\\":\\"${objectId}\\",\\"resourceId\\":\\"$graph\\",\\"appRoleId\\":\\"$role\\"}"`,
    ];
  }
  if (as === "app" && appId !== null) {
    return [
      `Grant ${permission}, as somebody who may consent for all; a token that is already given out keeps the old permissions:`,
      role,
      `az ad app permission add --id ${appId} --api ${GRAPH_APP} --api-permissions "$role=Role"`,
      `az ad app permission admin-consent --id ${appId}`,
    ];
  }
  const app = appId === null ? "the app that you sign in with" : `the app ${appId}`;
  const page =
    appId === null
      ? "https://entra.microsoft.com > App registrations > API permissions"
      : `https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/${appId}`;
  return [
    `Add the delegated permission ${permission} to ${app}, with admin consent: ${page}`,
    "az login uses an app of Microsoft's, to which nothing can be added: sign in as an app of your own instead.",
  ];
}
