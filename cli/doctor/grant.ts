import type { SignedIn } from "../../graph/tenant-graph";

/** The app id of Microsoft Graph, the same in every tenant and cloud. */
const GRAPH_APP = "00000003-0000-0000-c000-000000000000";

const ROLE = `  role=$(az ad sp show --id ${GRAPH_APP} --query "appRoles[?value=='$permission'].id | [0]" --output tsv)`;

/** Commands that grant these application permissions of Graph to an app; docs/permissions.md has them, too. */
export function grantToApp(permissions: readonly string[], appId: string): readonly string[] {
  return [
    `for permission in ${permissions.join(" ")}; do`,
    ROLE,
    `  az ad app permission add --id ${appId} --api ${GRAPH_APP} --api-permissions "$role=Role"`,
    "done",
    `az ad app permission admin-consent --id ${appId}`,
  ];
}

function grantToManagedIdentity(permissions: readonly string[], objectId: string): readonly string[] {
  return [
    `graph=$(az ad sp show --id ${GRAPH_APP} --query id --output tsv)`,
    `for permission in ${permissions.join(" ")}; do`,
    ROLE,
    `  az rest --method POST --url https://graph.microsoft.com/v1.0/servicePrincipals/${objectId}/appRoleAssignments \\`,
    `    --body "{\\"principalId\\":\\"${objectId}\\",\\"resourceId\\":\\"$graph\\",\\"appRoleId\\":\\"$role\\"}"`,
    "done",
  ];
}

/** Instructions that grant all of these Graph permissions at once: commands to copy, or the address of a page. */
export function howToGrant(
  permissions: readonly string[],
  { as, appId, objectId, isManagedIdentity }: SignedIn,
): readonly string[] {
  if (as === "app" && isManagedIdentity && objectId !== null) {
    return ["As Privileged Role Administrator:", ...grantToManagedIdentity(permissions, objectId)];
  }
  if (as === "app" && appId !== null) {
    return [
      "As an administrator with the right to consent for all; a token that is already given out keeps the old permissions:",
      ...grantToApp(permissions, appId),
    ];
  }
  const app = appId === null ? "the app that you sign in with" : `the app ${appId}`;
  const page =
    appId === null
      ? "https://entra.microsoft.com > App registrations > API permissions"
      : `https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/${appId}`;
  return [
    `Add the delegated permissions ${permissions.join(", ")} to ${app}, with admin consent: ${page}`,
    "az login uses an app of Microsoft's, to which nothing can be added: sign in as an app of your own instead.",
  ];
}
