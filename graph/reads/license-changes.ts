import type { Guid } from "../../licensing/model";
import { GraphError, type GraphFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import { AUDIT_PAGES } from "../client/limits";
import { pagesOf } from "../client/pages";
import * as queries from "./queries";
import { isObject, listFrom, textFrom } from "./wire";

/** That somebody changed the licences of a user. Which SKU it was is not told reliably: long records are cut. */
export interface LicenseChangeRecord {
  readonly userId: Guid;
  /** ISO 8601. */
  readonly at: string;
  /** The user principal name of a person or the display name of an app; `null` where the record names nobody. */
  readonly actor: string | null;
}

export interface LicenseChangeRecords {
  readonly changes: readonly LicenseChangeRecord[];
  /** Why the oldest records are missing: there are more pages than are read, or a page was not answered; `null`: none is. */
  readonly cutBy: "length" | GraphFailure | null;
  /** The time of the oldest record that was read, in milliseconds since 1970; `null`: none was. */
  readonly oldestMs: number | null;
}

/**
 * Reads the newest records first, as far as the bound allows.
 *
 * @throws GraphError where not even the first page was answered
 */
export async function readLicenseChanges(http: GraphHttp, since: Date): Promise<LicenseChangeRecords> {
  const pages: unknown[][] = [];
  let cutBy: LicenseChangeRecords["cutBy"] = null;
  try {
    for await (const page of pagesOf(http, queries.licenseChanges(since))) {
      if (pages.length === AUDIT_PAGES) {
        cutBy = "length";
        break;
      }
      pages.push(page);
    }
  } catch (error) {
    if (!(error instanceof GraphError) || pages.length === 0) throw error;
    cutBy = error.failure;
  }
  const records = pages.flat();
  const times = records.map(timeOf).filter((atMs) => atMs !== null);
  return {
    changes: records.flatMap(readLicenseChange),
    cutBy,
    oldestMs: times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b)),
  };
}

function timeOf(wire: unknown): number | null {
  const at = isObject(wire) ? textFrom(wire["activityDateTime"]) : null;
  const atMs = at === null ? NaN : Date.parse(at);
  return Number.isNaN(atMs) ? null : atMs;
}

/** One for each user that a record is about; none for what failed, and for what Entra itself did for a group. */
export function readLicenseChange(wire: unknown): readonly LicenseChangeRecord[] {
  if (!isObject(wire) || wire["result"] === "failure") return [];
  const at = textFrom(wire["activityDateTime"]);
  if (at === null || timeOf(wire) === null) return [];
  const actor = actorOf(wire["initiatedBy"]);
  if (actor !== null && /group.?based.?licen[cs]/i.test(actor)) return [];
  return listFrom(wire["targetResources"])
    .filter(isObject)
    .filter(({ type }) => textFrom(type)?.toLowerCase() !== "group")
    .map(({ id }) => textFrom(id)?.toLowerCase() ?? null)
    .filter((userId) => userId !== null)
    .map((userId) => ({ userId, at, actor }));
}

/**
 * A person or an app, by the most telling name that came; any of them may be missing, null or empty.
 * https://learn.microsoft.com/graph/api/resources/auditactivityinitiator
 */
export function actorOf(initiatedBy: unknown): string | null {
  if (!isObject(initiatedBy)) return null;
  const { user, app } = initiatedBy;
  return (
    firstText(user, ["userPrincipalName", "displayName", "id"]) ??
    firstText(app, ["displayName", "servicePrincipalName", "appId", "servicePrincipalId"])
  );
}

function firstText(identity: unknown, names: readonly string[]): string | null {
  if (!isObject(identity)) return null;
  return names.map((name) => textFrom(identity[name])).find((text) => text !== null) ?? null;
}
