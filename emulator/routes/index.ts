import { auditRoutes } from "./audits";
import { groupRoutes } from "./groups";
import { groupWriteRoutes } from "./group-writes";
import { memberWriteRoutes } from "./member-writes";
import { memberRoutes } from "./members";
import { organizationRoutes } from "./organization";
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
  ...auditRoutes(options.auditLagMs),
];
