import type { Guid } from "../../licensing/model";
import { isObject, listFrom, textFrom } from "./wire";

/** One record of the audit log about a group's licences. It comes late, may be cut, and proves nothing by itself. */
export interface GroupEvidence {
  readonly activity: string;
  /** ISO 8601. */
  readonly at: string;
  /** Number of users, if the record counts them. */
  readonly assigned: number | null;
  readonly failed: number | null;
}

/** `null` for a record about something else. */
export function readGroupEvidence(wire: unknown, groupId: Guid): GroupEvidence | null {
  if (!isObject(wire)) return null;
  const activity = textFrom(wire["activityDisplayName"]);
  const at = textFrom(wire["activityDateTime"]);
  if (activity === null || at === null || !/licen[cs]e/i.test(activity)) return null;
  const targets = listFrom(wire["targetResources"]).filter(isObject);
  if (!targets.some((target) => textFrom(target["id"])?.toLowerCase() === groupId)) return null;
  const texts = targets
    .flatMap((target) => listFrom(target["modifiedProperties"]).filter(isObject))
    .flatMap((property) => [property["displayName"], property["newValue"]])
    .filter((text) => typeof text === "string")
    .join(" ");
  // The wording varies, so only its constant parts are matched.
  return {
    activity,
    at,
    assigned: countAfter(/successfully assigned licen[cs]es?\D*(\d+)/i, texts),
    failed: countAfter(/licen[cs]e assignment failed\D*(\d+)/i, texts),
  };
}

function countAfter(pattern: RegExp, text: string): number | null {
  const count = pattern.exec(text)?.[1];
  return count === undefined ? null : Number(count);
}
