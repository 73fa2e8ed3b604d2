import type { Group, Guid } from "../directory/entities";
import { badRequest, notFound, notSupported, refuseRestricted } from "../graph-error";
import { type GraphResponse, noContent } from "../http/message";
import { addMember, checkMembersWritable, removeMember } from "../licensing/membership";
import { theGroup } from "./groups";
import { writeMembers } from "./permissions";
import type { Call, Route } from "./route";

const maxReferences = 20;

/** Adds the members of `members@odata.bind`, all or none. */
export function bindMembers(call: Call, group: Group, references: unknown): void {
  if (!Array.isArray(references) || references.length === 0)
    throw notSupported("PATCH of a group without members@odata.bind");
  if (references.length > maxReferences)
    throw badRequest(`The number of references in 'members@odata.bind' exceeds the maximum of ${maxReferences}.`);
  checkMembersWritable(group);
  const ids = references.map(parseReference);
  for (const id of ids) {
    if (!call.world.directory.users.has(id) && !call.world.directory.groups.has(id)) throw notFound(id);
  }
  if (new Set(ids).size < ids.length || ids.some((id) => group.userMembers.has(id) || group.groupMembers.has(id)))
    throw badRequest(
      "One or more added object references already exist for the following modified properties: 'members'.",
    );
  for (const id of ids) addMember(call.world, group, id, call.cause("added members"));
}

function addReference(call: Call): GraphResponse {
  const group = theGroup(call);
  refuseRestricted(group);
  checkMembersWritable(group);
  const { "@odata.id": reference, ...rest } = (call.request.body ?? {}) as Record<string, unknown>;
  const [other] = Object.keys(rest);
  if (other !== undefined) throw notSupported(`body property '${other}'`);
  addMember(call.world, group, parseReference(reference), call.cause("added a member"));
  return noContent;
}

function removeReference(call: Call): GraphResponse {
  const group = theGroup(call);
  refuseRestricted(group);
  checkMembersWritable(group);
  removeMember(call.world, group, (call.params["memberId"] ?? "").toLowerCase(), call.cause("removed a member"));
  return noContent;
}

/** Reads the id from `https://…/v1.0/directoryObjects/{id}`; `users` and `groups` are also accepted. */
export function parseReference(value: unknown): Guid {
  const match = /\/(?:directoryObjects|users|groups)\/([0-9a-f-]{36})$/i.exec(typeof value === "string" ? value : "");
  if (!match?.[1]) throw notSupported(`a member reference like ${JSON.stringify(value)}`);
  return match[1].toLowerCase();
}

export const memberWriteRoutes: Route[] = [
  { method: "POST", path: "/groups/:id/members/$ref", permissions: writeMembers, units: 1, handle: addReference },
  {
    method: "DELETE",
    path: "/groups/:id/members/:memberId/$ref",
    permissions: writeMembers,
    units: 1,
    handle: removeReference,
  },
];
