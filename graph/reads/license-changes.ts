import type { Guid } from "../../licensing/model";
import { GraphError, type GraphFailure } from "../client/failure";
import type { GraphHttp } from "../client/http";
import { AUDIT_PAGES } from "../client/limits";
import { pagesOf } from "../client/pages";
import * as queries from "./queries";
import { isObject, listFrom, textFrom } from "./wire";

/** A change of one user's licences. The log does not name the SKU reliably: long records are cut. */
export interface LicenseChangeRecord {
  readonly userId: Guid;
  /** ISO 8601. */
  readonly at: string;
  /** The user principal name of a person or the display name of an app; `null` if the record names neither. */
  readonly actor: string | null;
}

export interface LicenseChangeRecords {
  readonly changes: readonly LicenseChangeRecord[];
  /** Why the oldest records are missing: more pages than we read, or a page that failed; `null` if complete. */
  readonly cutBy: "length" | GraphFailure | null;
  /** Time of the oldest record that was read, in milliseconds since 1970; `null` if there was none. */
  readonly oldestMs: number | null;
}

/**
 * Reads the newest records first, up to `AUDIT_PAGES`.
 *
 * @throws {GraphError} if the first page fails
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

/** One for each user in a record; none for failed changes and for group-based licensing by Entra itself. */
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
 * The person or app, by the most telling name that is present; each may be missing, null or empty.
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
