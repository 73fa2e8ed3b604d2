import type { Guid } from "../../licensing/model";
import { sendInBatches } from "../client/batch";
import { GraphError, isFailure, type GraphFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import * as queries from "./queries";
import { foundIn, listedIn } from "./reads-by-id";
import { isObject, listFrom, textFrom } from "./wire";

/** What a group serves besides licences, as far as Graph tells. */
export interface GroupUses {
  /** `a team`, `an app role of Salesforce`; empty: nothing that Graph tells of. */
  readonly uses: readonly string[];
  /** A part that could not be read, with the reason; `null`: all was read. */
  readonly unread: { readonly what: string; readonly failure: GraphFailure } | null;
}

/**
 * App roles, directory roles, groups around it, Teams and Microsoft 365, in one batch for all groups. Graph does not
 * tell which policies (Conditional Access, Intune), sites or Azure roles name a group.
 *
 * @throws {GraphError} if a group's own properties cannot be read
 */
export async function readGroupUses(http: GraphHttp, ids: readonly Guid[]): Promise<ReadonlyMap<Guid, GroupUses>> {
  const results = await sendInBatches(
    http,
    "read",
    ids.flatMap((id) => [queries.groupUses(id), queries.appRolesOf(id), queries.groupsAround(id)]),
  );
  const found = new Map<Guid, GroupUses>();
  for (const [index, id] of ids.entries()) {
    const [ofGroup, ofRoles, ofAround] = results.slice(3 * index, 3 * index + 3);
    const own = foundIn(ofGroup, (body) => ({ body: isObject(body) ? body : {} }));
    if (isFailure(own)) throw new GraphError(own);
    const roles = await listedIn(http, ofRoles, queries.appRolesOf(id), asObject);
    const around = await listedIn(http, ofAround, queries.groupsAround(id), asObject);
    const uses = [
      ...ownUses(own.body),
      ...(isFailure(roles) ? [] : roles.map(appRole)),
      ...(isFailure(around) ? [] : around.flatMap(outerGroup)),
    ];
    const unread = isFailure(roles)
      ? { what: "its app roles", failure: roles }
      : isFailure(around)
        ? { what: "the groups and roles around it", failure: around }
        : null;
    found.set(id, { uses: [...new Set(uses)], unread });
  }
  return found;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function ownUses(group: Readonly<Record<string, unknown>>): readonly string[] {
  return [
    ...(listFrom(group["resourceProvisioningOptions"]).includes("Team") ? ["a team"] : []),
    ...(listFrom(group["groupTypes"]).includes("Unified") ? ["a Microsoft 365 group, with a mailbox and a site"] : []),
    ...(group["isAssignableToRole"] === true ? ["directory roles, which it may be assigned"] : []),
  ];
}

function appRole(wire: Readonly<Record<string, unknown>>): string {
  return `an app role of ${textFrom(wire["resourceDisplayName"]) ?? "an application"}`;
}

/** An administrative unit is a scope of management, and gives its members nothing. */
function outerGroup(wire: Readonly<Record<string, unknown>>): readonly string[] {
  const type = textFrom(wire["@odata.type"]) ?? "";
  const name = textFrom(wire["displayName"]) ?? "an object without a readable name";
  if (type.endsWith("administrativeUnit")) return [];
  return [type.endsWith("directoryRole") ? `the directory role ${name}` : `the group ${name}, of which it is a member`];
}
