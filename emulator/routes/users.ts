import type { User } from "../directory/entities";
import { badRequest, notFound, notSupported, refuseRestricted } from "../graph-error";
import { type GraphResponse, noContent, ok } from "../http/message";
import { changeDirectLicenses } from "../licensing/direct";
import { parseLicenseChange } from "../licensing/license-change";
import { groupShape } from "./group-shape";
import { expanded } from "./expand";
import { showsMembers } from "./groups";
import {
  assignUserLicense,
  checkMemberships,
  readGroups,
  readLicenseDetails,
  readMemberships,
  readUsers,
  reprocess,
  writeUsers,
} from "./permissions";
import type { Call, Route } from "./route";
import { bodyOf, checkSelect, collection, context, type Json, project, single, withheld } from "./shape";
import { findUsers } from "./user-filter";
import { assignedLicenses, userShapes } from "./user-shape";

export function theUser(call: Call): User {
  const id = call.params["id"] ?? "";
  const user = call.world.directory.user(id);
  if (!user) throw notFound(id);
  return user;
}

const freshShape = ({ world: { directory } }: Call) => userShapes(directory).fresh;

export const listedShape = ({ world: { directory } }: Call) => userShapes(directory).listed;

function memberOf(call: Call, cast: boolean) {
  const { directory } = call.world;
  const user = theUser(call);
  checkSelect(call.query.select, groupShape);
  return collection(
    call,
    cast ? "groups" : "directoryObjects",
    () => directory.memberships.listedGroupsOf(user.id),
    (id) => {
      const group = directory.groups.get(id);
      if (!group || !showsMembers(call, group)) return undefined;
      const type = cast ? {} : { "@odata.type": "#microsoft.graph.group" };
      const json = project(groupShape, group, call.query.select);
      return { ...type, ...(call.may(readGroups) ? json : withheld(json)) };
    },
  );
}

function licenseDetails(call: Call) {
  const user = theUser(call);
  const value = assignedLicenses(user.holdings).map(({ skuId, disabledPlans }) => {
    const sku = call.world.directory.skus.get(skuId);
    return {
      id: Buffer.from(`${user.id}${skuId}`.replaceAll("-", ""), "hex").toString("base64url"),
      skuId,
      skuPartNumber: sku?.skuPartNumber ?? "",
      servicePlans: (sku?.servicePlans ?? []).map((plan) => ({
        ...plan,
        provisioningStatus: disabledPlans.includes(plan.servicePlanId) ? "Disabled" : "Success",
      })),
    };
  });
  return ok({ "@odata.context": context(call, `users('${user.id}')/licenseDetails`), value });
}

function withMore(response: GraphResponse, more: Json): GraphResponse {
  return { ...response, body: { ...(response.body as Json), ...more } };
}

function count(call: Call): GraphResponse {
  if (!call.query.eventual) throw badRequest("$count is not currently supported.");
  const total = findUsers(call.world.directory, call.query.filter, true).length;
  return { status: 200, headers: { "content-type": "text/plain" }, body: String(total) };
}

/** Updates `usageLocation`, which licences require. Other properties are refused. */
function update(call: Call): GraphResponse {
  const user = theUser(call);
  const { usageLocation, ...others } = bodyOf(call);
  const [other] = Object.keys(others).filter((name) => name !== "@odata.type");
  if (other !== undefined) throw notSupported(`body property '${other}'`);
  if (typeof usageLocation !== "string" || !/^[A-Z]{2}$/.test(usageLocation))
    throw badRequest("Invalid value specified for property 'usageLocation' of resource 'User'.");
  user.usageLocation = usageLocation;
  return noContent;
}

/** Returns the given groups of which the user is a direct or transitive member. */
function checkMemberGroups(call: Call): GraphResponse {
  const user = theUser(call);
  const { groupIds } = bodyOf(call);
  if (!Array.isArray(groupIds) || groupIds.length > 20) throw badRequest("groupIds takes up to 20 ids.");
  const { memberships } = call.world.directory;
  const seen = new Set<string>();
  const open = [...memberships.listedGroupsOf(user.id)];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...memberships.listedGroupsOf(id));
  }
  const value = groupIds.map((id) => String(id).toLowerCase()).filter((id) => seen.has(id));
  return ok({ "@odata.context": context(call, "Collection(Edm.String)"), value });
}

/** The response to an action on a user: the user with default properties, because actions have no `$select`. */
function userEntity(call: Call, user: User) {
  return ok({
    "@odata.context": context(call, "users/$entity"),
    ...project(freshShape(call), user, undefined),
  });
}

export const userRoutes: Route[] = [
  {
    method: "GET",
    path: "/users",
    permissions: readUsers,
    units: 2,
    options: ["$select", "$top", "$filter", "$count", "$expand", "$skiptoken"],
    handle: (call) => {
      const shape = listedShape(call);
      checkSelect(call.query.select, shape);
      const list = () => findUsers(call.world.directory, call.query.filter, call.query.eventual && call.query.count);
      return collection(call, "users", list, (id) => {
        const user = call.world.directory.users.get(id);
        return user && { ...project(shape, user, call.query.select), ...expanded(call, user) };
      });
    },
  },
  {
    method: "GET",
    path: "/users/:id",
    permissions: readUsers,
    units: 2,
    options: ["$select", "$expand"],
    handle: (call) => {
      const user = theUser(call);
      return withMore(single(call, "users", freshShape(call), user), expanded(call, user));
    },
  },
  { method: "GET", path: "/users/$count", permissions: readUsers, units: 2, options: ["$filter"], handle: count },
  { method: "PATCH", path: "/users/:id", permissions: writeUsers, units: 1, handle: update },
  {
    method: "POST",
    path: "/users/:id/checkMemberGroups",
    permissions: checkMemberships,
    units: 1,
    handle: checkMemberGroups,
  },
  {
    method: "GET",
    path: "/users/:id/memberOf",
    permissions: readMemberships,
    units: 1,
    options: ["$select", "$top", "$count", "$skiptoken"],
    handle: (call) => memberOf(call, false),
  },
  ...["microsoft.graph.group", "graph.group"].map((cast): Route => ({
    method: "GET",
    path: `/users/:id/memberOf/${cast}`,
    permissions: readMemberships,
    units: 1,
    options: ["$select", "$top", "$count", "$skiptoken"],
    handle: (call) => memberOf(call, true),
  })),
  {
    method: "GET",
    path: "/users/:id/licenseDetails",
    permissions: readLicenseDetails,
    units: 1,
    handle: licenseDetails,
  },
  {
    method: "POST",
    path: "/users/:id/assignLicense",
    permissions: assignUserLicense,
    units: 1,
    handle: (call) => {
      const user = theUser(call);
      refuseRestricted(user);
      const change = parseLicenseChange(call.request.body);
      changeDirectLicenses(call.world.directory, user, change, call.cause("assignLicense on a user"));
      return userEntity(call, user);
    },
  },
  {
    method: "POST",
    path: "/users/:id/reprocessLicenseAssignment",
    permissions: reprocess,
    units: 1,
    handle: (call) => {
      const user = theUser(call);
      refuseRestricted(user);
      call.world.processing.reprocess(user, call.cause("reprocessLicenseAssignment"));
      return userEntity(call, user);
    },
  },
];
