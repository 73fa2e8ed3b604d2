import { auditRoutes } from "./audits";
import { deletedItemRoutes } from "./deleted-items";
import { groupRoutes } from "./groups";
import { groupWriteRoutes } from "./group-writes";
import { memberWriteRoutes } from "./member-writes";
import { memberRoutes } from "./members";
import { organizationRoutes } from "./organization";
import { privilegedAccessRoutes } from "./privileged-access";
import type { Route } from "./route";
import { userRoutes } from "./users";

/** Everything that the embedded Graph answers. What is not here is refused by its name. */
export const allRoutes = (options: { readonly auditLagMs: number }): Route[] => [
  ...organizationRoutes,
  ...userRoutes,
  ...groupRoutes,
  ...groupWriteRoutes,
  ...memberRoutes,
  ...memberWriteRoutes,
  ...privilegedAccessRoutes,
  ...deletedItemRoutes,
  ...auditRoutes(options.auditLagMs),
  ...[...groupRoutes, ...groupWriteRoutes, ...memberRoutes, ...memberWriteRoutes].filter(isOfAzuread).map(asBeta),
];

/** The azuread plugin makes, reads and changes groups through the beta version alone, where they look the same. */
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

function asBeta(route: Route): Route {
  return { ...route, version: "beta" };
}
