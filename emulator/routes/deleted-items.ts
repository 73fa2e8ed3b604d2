import { notFound } from "../graph-error";
import { ok } from "../http/message";
import { groupShape } from "./group-shape";
import { readDeletedGroups } from "./permissions";
import type { Call, Route } from "./route";
import { context, project, type Json } from "./shape";
import { seconds } from "./user-shape";

/** A deleted group with its properties and its time of deletion. */
function inBin(call: Call, id: string): Json {
  const deleted = call.world.directory.deletedGroups.get(id.toLowerCase());
  if (deleted === undefined) throw notFound(id);
  return { ...project(groupShape, deleted.group, undefined), deletedDateTime: seconds(deleted.atMs) };
}

export const deletedItemRoutes: Route[] = [
  {
    method: "GET",
    path: "/directory/deletedItems/microsoft.graph.group",
    permissions: readDeletedGroups,
    units: 1,
    handle: (call) =>
      ok({
        "@odata.context": context(call, "groups"),
        value: [...call.world.directory.deletedGroups.keys()].map((id) => inBin(call, id)),
      }),
  },
  {
    method: "GET",
    path: "/directory/deletedItems/:id",
    permissions: readDeletedGroups,
    units: 1,
    handle: (call) =>
      ok({
        "@odata.context": context(call, "directoryObjects/$entity"),
        "@odata.type": "#microsoft.graph.group",
        ...inBin(call, call.params["id"] ?? ""),
      }),
  },
];
