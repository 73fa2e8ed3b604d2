import type { Directory } from "../directory/directory";
import type { Group, Guid } from "../directory/entities";
import { guidFrom } from "../directory/spec";
import { badRequest } from "../graph-error";
import type { GraphResponse } from "../http/message";
import { groupShape } from "./group-shape";
import { showsMembers, theGroup } from "./groups";
import { readGroups, readMembers, readMembershipsOfGroup, readUsers } from "./permissions";
import type { Call, Route } from "./route";
import { checkSelect, collection, type Json, project, type Shape, withheld } from "./shape";
import { listedShape } from "./users";

type Kind = "user" | "group" | "any";

/** Direct or transitive members, as Graph lists them. */
function members(call: Call, kind: Kind, transitive: boolean): GraphResponse {
  const group = theGroup(call);
  return objects(call, kind, () => shownMembers(call, group, kind, transitive));
}

function objects(call: Call, kind: Kind, list: () => readonly Guid[]): GraphResponse {
  const { directory } = call.world;
  const shape = listedShape(call);
  const select = call.query.select;
  if (kind === "user") checkSelect(select, shape);
  else if (kind === "group") checkSelect(select, groupShape);
  else checkSelect(select, shape, groupShape);
  const mayReadUsers = call.may(readUsers);
  const mayReadGroups = call.may(readGroups);
  return collection(call, kind === "any" ? "directoryObjects" : `${kind}s`, list, (id) => {
    const typed = (name: string, json: Json) =>
      kind === "any" ? { "@odata.type": `#microsoft.graph.${name}`, ...json } : json;
    const user = directory.users.get(id);
    if (user) {
      const json = project(shape, user, own(select, shape));
      return typed("user", mayReadUsers ? json : withheld(json));
    }
    const group = directory.groups.get(id);
    if (!group) return undefined;
    const json = project(groupShape, group, own(select, groupShape));
    return typed("group", mayReadGroups ? json : withheld(json));
  });
}

/** In a mixed list, users and groups show only the selected properties that they have. */
function own<T>(select: readonly string[] | undefined, shape: Shape<T>): readonly string[] | undefined {
  return select?.filter((name) => name in shape.properties);
}

/** Without the permission, members of a hidden membership are left out of the list; no error occurs (observed, not documented). */
function shownMembers(call: Call, group: Group, kind: Kind, transitive: boolean): readonly Guid[] {
  return showsMembers(call, group) ? memberIds(call.world.directory, group, kind, transitive) : [];
}

function memberIds(directory: Directory, group: Group, kind: Kind, transitive: boolean): readonly Guid[] {
  const { memberships } = directory;
  const ids = transitive ? allDepths(directory, group) : memberships.listedMembers(group, kind);
  if (kind === "any" || (!transitive && memberships.lagMs === 0)) return ids;
  const objectsOfKind: ReadonlyMap<Guid, unknown> = kind === "user" ? directory.users : directory.groups;
  return ids.filter((id) => objectsOfKind.has(id));
}

function allDepths(directory: Directory, group: Group): Guid[] {
  const seen = new Set<Guid>();
  const open = [group];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const id of directory.memberships.listedMembers(next, "any")) {
      if (seen.has(id)) continue;
      seen.add(id);
      const nested = directory.groups.get(id);
      if (nested) open.push(nested);
    }
  }
  return [...seen];
}

function count(call: Call, kind: Kind, transitive: boolean): GraphResponse {
  if (!call.query.eventual) throw badRequest("$count is not currently supported.");
  const total = shownMembers(call, theGroup(call), kind, transitive).length;
  return { status: 200, headers: { "content-type": "text/plain" }, body: String(total) };
}

/**
 * The groups and directory roles of which a group is a direct member. Graph also lists administrative units; the
 * embedded Graph has none.
 */
function memberOf(call: Call): GraphResponse {
  const { directory } = call.world;
  const group = theGroup(call);
  const page = objects(call, "any", () => [...directory.memberships.listedGroupsOf(group.id)]);
  const { body } = page;
  if (group.directoryRoles.length === 0 || typeof body !== "object" || body === null) return page;
  const roles = group.directoryRoles.map((displayName) => ({
    "@odata.type": "#microsoft.graph.directoryRole",
    id: guidFrom(`directory role ${displayName}`),
    displayName,
  }));
  return { ...page, body: { ...body, value: [...(body as { value: unknown[] }).value, ...roles] } };
}

const casts: readonly (readonly [string, Kind])[] = [
  ["", "any"],
  ["/microsoft.graph.user", "user"],
  ["/graph.user", "user"],
  ["/microsoft.graph.group", "group"],
  ["/graph.group", "group"],
];

const lists = [
  { segment: "members", transitive: false, units: 3 },
  { segment: "transitiveMembers", transitive: true, units: 5 },
];

export const memberRoutes: Route[] = [
  ...lists.flatMap(({ segment, transitive, units }) =>
    casts.flatMap(([cast, kind]): Route[] => [
      {
        method: "GET",
        path: `/groups/:id/${segment}${cast}`,
        permissions: readMembers,
        units,
        options: ["$select", "$top", "$count", "$skiptoken"],
        handle: (call) => members(call, kind, transitive),
      },
      {
        method: "GET",
        path: `/groups/:id/${segment}${cast}/$count`,
        permissions: readMembers,
        units,
        handle: (call) => count(call, kind, transitive),
      },
    ]),
  ),
  {
    method: "GET",
    path: "/groups/:id/memberOf",
    permissions: readMembershipsOfGroup,
    units: 1,
    options: ["$select", "$top", "$count", "$skiptoken"],
    handle: memberOf,
  },
  {
    method: "GET",
    path: "/groups/:id/membersWithLicenseErrors",
    permissions: readGroups,
    units: 1,
    options: ["$select", "$top", "$skiptoken"],
    handle: (call) => {
      const group = theGroup(call);
      return objects(call, "any", () => call.world.directory.licenses.inError(group.id).list());
    },
  },
];
