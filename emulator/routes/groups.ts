import type { Group, Guid } from "../directory/entities";
import { isGuid } from "../directory/spec";
import { badRequest, notFound, notSupported, refuseRestricted } from "../graph-error";
import { noContent, type GraphResponse } from "../http/message";
import { compile, type Field } from "../http/predicate";
import { changeGroupLicenses, deleteGroup } from "../licensing/group";
import { parseLicenseChange } from "../licensing/license-change";
import { betaGroupShape, groupShape } from "./group-shape";
import { assignGroupLicense, deleteGroups, readGroups, readHiddenMembers } from "./permissions";
import type { Call, Route } from "./route";
import { checkSelect, collection, context, project, single } from "./shape";

const fields: Readonly<Record<string, Field<Group>>> = {
  id: { get: (group) => group.id, operators: ["eq", "in"] },
  displayName: { get: (group) => group.displayName, operators: ["eq", "in", "startsWith"] },
  securityEnabled: { get: (group) => group.securityEnabled, operators: ["eq"] },
  mailEnabled: { get: (group) => group.mailEnabled, operators: ["eq"] },
  groupTypes: { any: { "": (group) => group.groupTypes } },
  assignedLicenses: { any: { skuId: (group) => group.licenses.map((license) => license.skuId) } },
};

export function theGroup(call: Call): Group {
  const id = call.params["id"] ?? "";
  if (!isGuid(id)) throw badRequest(`Invalid object identifier '${id}'.`);
  const group = call.world.directory.groups.get(id.toLowerCase());
  if (!group || call.world.directory.newGroups.isHidden(group.id)) throw notFound(id);
  return group;
}

export function showsMembers(call: Call, { visibility }: Group): boolean {
  return visibility !== "HiddenMembership" || call.may(readHiddenMembers);
}

function findGroups({ world: { directory }, query }: Call): Guid[] {
  const { filter } = query;
  if (!filter) return [...directory.groups.keys()];
  if (filter.kind === "compare" && filter.property === "hasMembersWithLicenseErrors") {
    if (query.eventual)
      throw badRequest(
        "Unsupported or invalid query filter clause specified for property 'hasMembersWithLicenseErrors'.",
        "Request_UnsupportedQuery",
      );
    if (filter.operator !== "eq" || filter.value !== true)
      throw notSupported("hasMembersWithLicenseErrors other than 'eq true'");
    return directory.licenses.groupsWithErrors();
  }
  const named =
    filter.kind === "compare" && filter.operator === "eq" && filter.property === "displayName"
      ? directory.groupsNamed(String(filter.value))
      : directory.groups.values();
  return [...named].filter(compile(filter, fields, "groups")).map((group) => group.id);
}

function assignLicense(call: Call): GraphResponse {
  const group = theGroup(call);
  refuseRestricted(group);
  const { directory, processing } = call.world;
  const change = parseLicenseChange(call.request.body);
  changeGroupLicenses(directory, processing, group, change, call.cause("assignLicense on a group"));
  const host = new URL(call.root).origin;
  return {
    status: 202,
    headers: {
      location: `${host}/v2/${directory.facts.id}/directoryObjects/${group.id}/Microsoft.DirectoryServices.Group`,
    },
    body: { "@odata.context": context(call, "groups/$entity"), ...project(groupShape, group, undefined) },
  };
}

function remove(call: Call): GraphResponse {
  refuseRestricted(theGroup(call));
  const { directory, audit } = call.world;
  deleteGroup(directory, audit, theGroup(call), call.cause("deleted a group"));
  return noContent;
}

export const groupRoutes: Route[] = [
  {
    method: "GET",
    path: "/groups",
    permissions: readGroups,
    units: 1,
    options: ["$select", "$top", "$filter", "$count", "$skiptoken"],
    handle: (call) => {
      checkSelect(call.query.select, groupShape);
      return collection(
        call,
        "groups",
        () => findGroups(call).filter((id) => !call.world.directory.newGroups.isHidden(id)),
        (id) => {
          const group = call.world.directory.groups.get(id);
          return group && project(groupShape, group, call.query.select);
        },
      );
    },
  },
  {
    method: "GET",
    path: "/groups/:id",
    permissions: readGroups,
    units: 1,
    options: ["$select"],
    handle: (call) => single(call, "groups", groupShape, theGroup(call)),
  },
  {
    method: "GET",
    path: "/groups/:id",
    version: "beta",
    permissions: readGroups,
    units: 1,
    options: ["$select"],
    handle: (call) => single(call, "groups", betaGroupShape, theGroup(call)),
  },
  { method: "DELETE", path: "/groups/:id", permissions: deleteGroups, units: 1, handle: remove },
  {
    method: "POST",
    path: "/groups/:id/assignLicense",
    permissions: assignGroupLicense,
    units: 1,
    handle: assignLicense,
  },
];
