import type { Group } from "../directory/entities";
import { guidFrom } from "../directory/spec";
import type { GraphResponse } from "../http/message";
import { theGroup } from "./groups";
import { readAppRoles } from "./permissions";
import type { Call, Route } from "./route";
import { collection, project, type Shape } from "./shape";

/** App roles that the group's members have by it. */
function appRoles(call: Call): GraphResponse {
  const group = theGroup(call);
  return collection(
    call,
    "appRoleAssignments",
    () => group.appRoles,
    (name) => project(appRoleShape, { name, group }, call.query.select),
  );
}

const appRoleShape: Shape<{ readonly name: string; readonly group: Group }> = {
  type: "microsoft.graph.appRoleAssignment",
  defaults: ["id", "deletedDateTime", "appRoleId", "principalId", "principalType", "resourceDisplayName", "resourceId"],
  properties: {
    id: ({ name, group }) => guidFrom(`app role ${name} of ${group.id}`).replaceAll("-", ""),
    deletedDateTime: () => null,
    // The default role of an application without roles of its own.
    appRoleId: () => "00000000-0000-0000-0000-000000000000",
    principalId: ({ group }) => group.id,
    principalDisplayName: ({ group }) => group.displayName,
    principalType: () => "Group",
    resourceDisplayName: ({ name }) => name,
    resourceId: ({ name }) => guidFrom(`application ${name}`),
  },
};

export const groupUseRoutes: Route[] = [
  {
    method: "GET",
    path: "/groups/:id/appRoleAssignments",
    permissions: readAppRoles,
    units: 1,
    options: ["$select", "$top", "$count", "$skiptoken"],
    handle: appRoles,
  },
];
