import { auditRoutes } from "./audits";
import { deletedItemRoutes } from "./deleted-items";
import { groupUseRoutes } from "./group-uses";
import { groupRoutes } from "./groups";
import { groupWriteRoutes } from "./group-writes";
import { memberWriteRoutes } from "./member-writes";
import { memberRoutes } from "./members";
import { organizationRoutes } from "./organization";
import { privilegedAccessRoutes } from "./privileged-access";
import type { Route } from "./route";
import { userRoutes } from "./users";

/** All routes of the embedded Graph. Other paths are refused by name. */
export const allRoutes = (options: { readonly auditLagMs: number }): Route[] => [
  ...organizationRoutes,
  ...userRoutes,
  ...groupRoutes,
  ...groupWriteRoutes,
  ...groupUseRoutes,
  ...memberRoutes,
  ...memberWriteRoutes,
  ...privilegedAccessRoutes,
  ...deletedItemRoutes,
  ...auditRoutes(options.auditLagMs),
  ...[...groupRoutes, ...groupWriteRoutes, ...memberRoutes, ...memberWriteRoutes].filter(isOfAzuread).map(asBeta),
  ...userRoutes.filter(readsUsers).map(asBeta),
];

/** The azuread plugin uses only the beta version for groups. These routes behave there as in v1.0. */
const azuread = [
  "/groups",
  "/groups/:id",
  "/groups/:id/members",
  "/groups/:id/memberOf",
  "/groups/:id/owners",
  "/groups/:id/owners/$ref",
  "/groups/:id/owners/:ownerId/$ref",
];

function isOfAzuread({ method, path, version }: Route): boolean {
  return version === undefined && azuread.includes(path) && !(method === "GET" && path === "/groups/:id");
}

/** The reference documents the same default properties for users in beta as in v1.0. */
function readsUsers({ method, path }: Route): boolean {
  return method === "GET" && ["/users", "/users/:id"].includes(path);
}

function asBeta(route: Route): Route {
  return { ...route, version: "beta" };
}
