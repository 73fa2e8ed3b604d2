import { guidsIn, type Guid, type TakenOut } from "../../licensing/model";
import { AUDIT_PAGES } from "../client/limits";
import type { GraphHttp } from "../client/http";
import { actorOf } from "./license-changes";
import { pagesOf } from "../client/pages";
import * as queries from "./queries";
import { isObject, listFrom, textFrom } from "./wire";

/**
 * Removals of users from groups and their authors, from the audit log; newest records first, up to `AUDIT_PAGES`. A
 * missing record means nothing: the log lags, expires, and long records are cut.
 *
 * @throws {GraphError} if a page cannot be read
 */
export async function readTakenOut(
  http: GraphHttp,
  since: Date,
  userIds: ReadonlySet<Guid>,
  groupIds: ReadonlySet<Guid>,
): Promise<readonly TakenOut[]> {
  const found: TakenOut[] = [];
  let pages = 0;
  for await (const page of pagesOf(http, queries.membershipsEnded(since))) {
    found.push(...page.flatMap((record) => readRecord(record, userIds, groupIds)));
    pages += 1;
    if (pages === AUDIT_PAGES) break;
  }
  return found;
}

/**
 * A record names the user as one target, and the group as another or in its modified properties; Microsoft has used
 * both forms. https://learn.microsoft.com/graph/api/resources/targetresource
 */
function readRecord(wire: unknown, userIds: ReadonlySet<Guid>, groupIds: ReadonlySet<Guid>): readonly TakenOut[] {
  if (!isObject(wire) || wire["result"] === "failure") return [];
  const at = textFrom(wire["activityDateTime"]);
  const actor = actorOf(wire["initiatedBy"]);
  if (at === null || Number.isNaN(Date.parse(at)) || actor === null) return [];
  const ids = [...new Set(listFrom(wire["targetResources"]).filter(isObject).flatMap(idsIn))];
  return ids
    .filter((id) => userIds.has(id))
    .flatMap((userId) => ids.filter((id) => groupIds.has(id)).map((groupId) => ({ userId, groupId, at, actor })));
}

function idsIn(target: Readonly<Record<string, unknown>>): readonly Guid[] {
  const changed = listFrom(target["modifiedProperties"])
    .filter(isObject)
    .map(({ oldValue }) => textFrom(oldValue));
  return [textFrom(target["id"]), ...changed].flatMap((text) => guidsIn(text ?? ""));
}
