import type { Guid } from "../../licensing/model";
import type { GraphHttp } from "../client/http";
import { actorOf } from "./license-changes";
import { newestOf } from "../client/pages";
import * as queries from "./queries";
import { isObject, textFrom } from "./wire";

/** A change of a group or of its members. The log lags and may be incomplete, so it is evidence for people only. */
export interface GroupChangeRecord {
  /** As the log names it, such as `Update group`. */
  readonly activity: string;
  /** ISO 8601. */
  readonly at: string;
  /** See `LicenseChangeRecord.actor`. */
  readonly actor: string | null;
}

/** Reads only the newest page: that shows what happened to a group, even if thousands of users were removed from it. */
export async function readGroupChanges(
  http: GraphHttp,
  groupId: Guid,
  since: Date,
): Promise<readonly GroupChangeRecord[]> {
  return (await newestOf(http, queries.auditRecordsOf(groupId, since))).flatMap(readGroupChange);
}

/** Empty for failed changes and for records about licences, which do not explain why users left. */
export function readGroupChange(wire: unknown): readonly GroupChangeRecord[] {
  if (!isObject(wire) || wire["result"] === "failure") return [];
  const activity = textFrom(wire["activityDisplayName"]);
  const at = textFrom(wire["activityDateTime"]);
  if (activity === null || at === null || Number.isNaN(Date.parse(at))) return [];
  if (/licen[cs]e|^add (a )?(member|owner)/i.test(activity)) return [];
  return [{ activity, at, actor: actorOf(wire["initiatedBy"]) }];
}
