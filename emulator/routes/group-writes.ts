import { randomUUID } from "node:crypto";
import type { Group, Guid } from "../directory/entities";
import { badRequest, denied, notFound, notSupported, refuseRestricted } from "../graph-error";
import { type GraphResponse, noContent } from "../http/message";
import { theGroup } from "./groups";
import { groupShape } from "./group-shape";
import { bindMembers, parseReference } from "./member-writes";
import { createGroups, readObjects, readOwners, readUsers, writeGroups, writeMembers } from "./permissions";
import type { Call, Route } from "./route";
import { bodyOf, collection, context, type Json, project, withheld } from "./shape";
import { listedShape } from "./users";

/** Properties that a body may contain, with their only accepted values. Other properties that Graph knows are refused. */
const harmless: Readonly<Record<string, (value: unknown) => boolean>> = {
  // Clients generated from Graph's metadata always send the type.
  "@odata.type": (value) => value === "#microsoft.graph.group",
  isAssignableToRole: (value) => value === false || value === null,
  resourceBehaviorOptions: isEmpty,
  resourceProvisioningOptions: isEmpty,
};

function create(call: Call): GraphResponse {
  const { directory, rules } = call.world;
  const body = bodyOf(call);
  const { displayName, mailNickname, mailEnabled, securityEnabled, description, groupTypes } = body;
  const { membershipRule, membershipRuleProcessingState, ...others } = body;
  const { "owners@odata.bind": owners, "members@odata.bind": members } = body;
  for (const [name, value] of Object.entries({ displayName, mailNickname, mailEnabled, securityEnabled })) {
    if (value === undefined) throw badRequest(`A value is required for property '${name}' of resource 'Group'.`);
  }
  refuseOthers(others, ["displayName", "mailNickname", "mailEnabled", "securityEnabled", "description", "groupTypes"]);
  if (mailEnabled !== false || securityEnabled !== true) throw notSupported("a new group that is no security group");
  const types = (groupTypes ?? []) as string[];
  const isDynamic = types.includes("DynamicMembership");
  if (types.some((type) => type !== "DynamicMembership")) throw notSupported(`groupTypes ${JSON.stringify(types)}`);
  if (isDynamic !== (typeof membershipRule === "string"))
    throw badRequest("A dynamic group needs a membershipRule, and no other group has one.");
  const group: Group = {
    id: randomUUID(),
    displayName: String(displayName),
    description: typeof description === "string" ? description : null,
    securityEnabled: true,
    mailEnabled: false,
    mailNickname: String(mailNickname),
    groupTypes: types,
    membershipRule: typeof membershipRule === "string" ? membershipRule : null,
    rulePaused: isDynamic && membershipRuleProcessingState !== "On",
    ruleStatus: null,
    owners: new Set(references(owners).map((id) => ownerId(call, id))),
    onPremisesSyncEnabled: false,
    isManagementRestricted: false,
    visibility: null,
    createdMs: directory.clock.nowMs(),
    appRoles: [],
    directoryRoles: [],
    isAssignableToRole: false,
    isTeam: false,
    licenses: [],
    processingState: null,
    userMembers: new Set(),
    groupMembers: new Set(),
    timeBound: new Map(),
  };
  rules.changed(group, call.cause("made a dynamic group"));
  directory.addGroup(group);
  if (members !== undefined) bindMembers(call, group, members);
  return {
    status: 201,
    headers: {},
    body: { "@odata.context": context(call, "groups/$entity"), ...project(groupShape, group, undefined) },
  };
}

function update(call: Call): GraphResponse {
  const group = theGroup(call);
  refuseRestricted(group);
  const { "members@odata.bind": members, ...rest } = bodyOf(call);
  if (Object.keys(rest).length > 0) {
    if (!call.may(writeGroups)) throw denied();
    change(call, group, rest);
  }
  if (members !== undefined || Object.keys(rest).length === 0) bindMembers(call, group, members);
  return noContent;
}

function change(call: Call, group: Group, body: Json): void {
  const { displayName, description, membershipRule, membershipRuleProcessingState, ...others } = body;
  refuseOthers(others, ["securityEnabled", "mailEnabled"]);
  const { securityEnabled = group.securityEnabled, mailEnabled = group.mailEnabled } = others;
  if (securityEnabled !== group.securityEnabled || mailEnabled !== group.mailEnabled)
    throw notSupported("a change of what kind of group it is");
  const isDynamic = group.groupTypes.includes("DynamicMembership");
  if (!isDynamic && typeof membershipRule === "string") throw notSupported("a static group that becomes dynamic");
  if (typeof displayName === "string") call.world.directory.renameGroup(group, displayName);
  if (description !== undefined) group.description = typeof description === "string" ? description : null;
  const before = group.membershipRule;
  const was = [before, group.rulePaused];
  if (typeof membershipRule === "string") group.membershipRule = membershipRule;
  if (membershipRuleProcessingState !== undefined && isDynamic)
    group.rulePaused = membershipRuleProcessingState !== "On";
  const cause = call.cause("changed the rule of a group");
  if (was[0] !== group.membershipRule || was[1] !== group.rulePaused) call.world.rules.changed(group, cause);
  if (before !== group.membershipRule) call.world.audit.ruleChanged(group, before, cause);
}

function owners(call: Call): GraphResponse {
  const group = theGroup(call);
  const { directory } = call.world;
  const shape = listedShape(call);
  return collection(
    call,
    "directoryObjects",
    () => [...group.owners],
    (id) => {
      const user = directory.users.get(id);
      if (!user) return { "@odata.type": "#microsoft.graph.servicePrincipal", id };
      const json = project(shape, user, call.query.select);
      return { "@odata.type": "#microsoft.graph.user", ...(call.may(readUsers) ? json : withheld(json)) };
    },
  );
}

function addOwner(call: Call): GraphResponse {
  const group = theGroup(call);
  const { "@odata.id": reference, ...rest } = bodyOf(call);
  refuseOthers(rest, []);
  const id = ownerId(call, parseReference(reference));
  if (group.owners.has(id))
    throw badRequest(
      "One or more added object references already exist for the following modified properties: 'owners'.",
    );
  group.owners.add(id);
  return noContent;
}

function removeOwner(call: Call): GraphResponse {
  const group = theGroup(call);
  const id = (call.params["ownerId"] ?? "").toLowerCase();
  if (!group.owners.has(id)) throw notFound(id);
  if (group.owners.size === 1)
    throw badRequest("The group must have at least one owner, hence this owner cannot be removed.");
  group.owners.delete(id);
  return noContent;
}

/** Checks that an owner is a user or an app. The embedded Graph uses the client id as the id of an app's service principal. */
function ownerId(call: Call, id: Guid): Guid {
  const { directory, apps } = call.world;
  if (directory.users.has(id) || apps.some(({ clientId }) => clientId === id)) return id;
  throw notFound(id);
}

function directoryObject(call: Call): GraphResponse {
  const id = (call.params["id"] ?? "").toLowerCase();
  const { directory, apps } = call.world;
  const answer = (type: string, json: Json): GraphResponse => ({
    status: 200,
    headers: {},
    body: {
      "@odata.context": context(call, "directoryObjects/$entity"),
      "@odata.type": `#microsoft.graph.${type}`,
      ...json,
    },
  });
  const user = directory.users.get(id);
  if (user) return answer("user", project(listedShape(call), user, undefined));
  const group = directory.groups.get(id);
  if (group) return answer("group", project(groupShape, group, undefined));
  const app = apps.find(({ clientId }) => clientId === id);
  if (app) return answer("servicePrincipal", { id, appId: app.clientId, displayName: app.name });
  throw notFound(id);
}

function refuseOthers(body: Json, known: readonly string[]): void {
  for (const [name, value] of Object.entries(body)) {
    if (known.includes(name) || name.endsWith("@odata.bind") || harmless[name]?.(value) === true) continue;
    throw notSupported(`body property '${name}'`);
  }
}

function references(value: unknown): Guid[] {
  return Array.isArray(value) ? value.map(parseReference) : [];
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

export const groupWriteRoutes: Route[] = [
  { method: "POST", path: "/groups", permissions: createGroups, units: 1, handle: create },
  { method: "PATCH", path: "/groups/:id", permissions: writeMembers, units: 1, handle: update },
  {
    method: "GET",
    path: "/groups/:id/owners",
    permissions: readOwners,
    units: 1,
    options: ["$select", "$top", "$skiptoken"],
    handle: owners,
  },
  { method: "POST", path: "/groups/:id/owners/$ref", permissions: writeGroups, units: 1, handle: addOwner },
  {
    method: "DELETE",
    path: "/groups/:id/owners/:ownerId/$ref",
    permissions: writeGroups,
    units: 1,
    handle: removeOwner,
  },
  { method: "GET", path: "/directoryObjects/:id", permissions: readObjects, units: 1, handle: directoryObject },
];
