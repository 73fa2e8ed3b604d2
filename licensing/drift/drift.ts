import { isDirect, type Guid } from "../model";
import type { StackRecord } from "../record/record";
import { scopesIn, type TenantSnapshot } from "../snapshot";

/**
 * Direct licences that came back on moved users, from old automation or by hand. Users lose nothing by it, and the
 * plan removes them again under the same proof.
 */
export interface Drift {
  /** Sorted by SKU and user. */
  readonly returned: readonly DriftedLicense[];
  /** Counts by SKU, day and actor: oldest day first, unknown day last. */
  readonly tallies: readonly DriftTally[];
  /** Why the audit log does not explain all of it; `null`: it was read completely, or nothing came back. */
  readonly auditGap: string | null;
}

export interface DriftedLicense {
  readonly userId: Guid;
  readonly skuId: Guid;
  /** ISO 8601; `null`: unknown. */
  readonly at: string | null;
  /**
   * The person or app in the audit log that changed the user's licences then; `null`: no name. `a or b` if several
   * did, because a record does not reliably name its SKU; `a or someone since` if the log may lack a record.
   */
  readonly actor: string | null;
  /** Why `actor` is not certain; `null`: it is certain, or there is none. */
  readonly doubt: AuditDoubt | null;
}

/**
 * `late`: the record may not be in the log yet. `cut`: older records were not read. `unnamed`: another record of
 * that time names no actor.
 */
export type AuditDoubt = "late" | "cut" | "unnamed";

export interface DriftTally {
  readonly skuId: Guid;
  /** `2026-11-20`, in UTC. */
  readonly day: string | null;
  readonly actor: string | null;
  readonly count: number;
}

/** A direct assignment that this stack removed and that exists again. */
export interface ReturnedLicense {
  readonly userId: Guid;
  readonly skuId: Guid;
  readonly removedAtMs: number;
  /** When Graph says that the assignment last changed; `null`: unknown. */
  readonly changedAtMs: number | null;
}

/** An audit log record of a change to a user's licences, of any SKU. */
export interface LicenseChange {
  readonly userId: Guid;
  /** ISO 8601. */
  readonly at: string;
  readonly actor: string | null;
}

export interface AuditReading {
  readonly changes: readonly LicenseChange[];
  /** Start of the period that was read, in milliseconds since 1970. */
  readonly fromMs: number;
  /** When the log was read, in milliseconds since 1970. */
  readonly readAtMs: number;
  /** See `Drift.auditGap`. */
  readonly gap: string | null;
}

export const NOT_ASKED: AuditReading = { changes: [], fromMs: 0, readAtMs: 0, gap: null };

/**
 * After this time a record is in the log:
 * https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-latencies
 */
const LOG_LAGS_MS = 60 * 60_000;

/**
 * Largest difference between an assignment's time and its audit record's. A record further away is about another
 * change; the right one may still be missing, because the log lags.
 */
const SAME_MOMENT_MS = 5 * 60_000;

/**
 * Graph's `Date` header has whole seconds, so a removal's audit record may be this much later than the recorded
 * time.
 */
const WHOLE_SECONDS_MS = 1_000;

/** The direct assignments that this stack removed and that exist again, sorted by SKU and user. */
export function returnedLicenses(snapshot: TenantSnapshot, record: StackRecord): readonly ReturnedLicense[] {
  const scopeOf = scopesIn(snapshot);
  const returned: ReturnedLicense[] = [];
  for (const [userId, bySku] of record.removals) {
    const skuIds = scopeOf(userId);
    for (const { skuId, changedAtMs = null } of snapshot.users.get(userId)?.assignments.filter(isDirect) ?? []) {
      const removedAtMs = bySku.get(skuId);
      if (removedAtMs === undefined || !skuIds.has(skuId)) continue;
      // A lagging list may still show the removed assignment; it has not come back.
      if (changedAtMs !== null && changedAtMs < removedAtMs - SAME_MOMENT_MS) continue;
      returned.push({ userId, skuId, removedAtMs, changedAtMs });
    }
  }
  return returned.sort((a, b) => a.skuId.localeCompare(b.skuId) || a.userId.localeCompare(b.userId));
}

/** Start of the audit log period to read, in milliseconds since 1970; `null`: nothing came back. */
export function searchFromMs(returned: readonly ReturnedLicense[]): number | null {
  return returned.reduce<number | null>((earliest, { removedAtMs, changedAtMs }) => {
    const fromMs = changedAtMs === null ? removedAtMs : changedAtMs - SAME_MOMENT_MS;
    return earliest === null ? fromMs : Math.min(earliest, fromMs);
  }, null);
}

/** Matches returned assignments with audit records, without claiming more than the log proves. */
export function driftOf(returned: readonly ReturnedLicense[], reading: AuditReading): Drift {
  const { changes, gap } = reading;
  const byUser = new Map<Guid, LicenseChange[]>();
  for (const change of changes) {
    const ofUser = byUser.get(change.userId) ?? [];
    byUser.set(change.userId, ofUser);
    ofUser.push(change);
  }
  const drifted = returned.map((each) => attributed(each, byUser.get(each.userId) ?? [], reading));
  return { returned: drifted, tallies: talliesOf(drifted), auditGap: returned.length === 0 ? null : gap };
}

function attributed(license: ReturnedLicense, ofUser: readonly LicenseChange[], reading: AuditReading): DriftedLicense {
  const { userId, skuId, changedAtMs } = license;
  const possible = ofUser
    .filter((change) => mayBeOf(license, Date.parse(change.at)))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const actors = [...new Set(possible.map(({ actor }) => actor).filter((actor) => actor !== null))];
  const fromTenant = changedAtMs === null ? null : new Date(changedAtMs).toISOString();
  const doubt = actors.length === 0 ? null : doubtOf(license, possible, reading);
  const names = doubt === null ? actors : [...actors, "someone since"];
  return {
    userId,
    skuId,
    at: possible[0]?.at ?? fromTenant,
    actor: actors.length === 0 ? null : names.join(" or "),
    doubt,
  };
}

/** An actor is certain only if every record that could match has been read. */
function doubtOf(
  license: ReturnedLicense,
  possible: readonly LicenseChange[],
  { fromMs, readAtMs }: AuditReading,
): AuditDoubt | null {
  const from = license.changedAtMs === null ? license.removedAtMs : license.changedAtMs - SAME_MOMENT_MS;
  const until = license.changedAtMs === null ? readAtMs : license.changedAtMs + SAME_MOMENT_MS;
  if (until > readAtMs - LOG_LAGS_MS) return "late";
  if (Math.max(from, license.removedAtMs) < fromMs) return "cut";
  return possible.some(({ actor }) => actor === null) ? "unnamed" : null;
}

/**
 * True if a record at `atMs` may be about the assignment: near the time it changed, or, if that is unknown, at any
 * time since the removal.
 */
function mayBeOf({ removedAtMs, changedAtMs }: ReturnedLicense, atMs: number): boolean {
  // Excludes the record of this program's own removal.
  if (atMs <= removedAtMs + WHOLE_SECONDS_MS) return false;
  return changedAtMs === null || Math.abs(atMs - changedAtMs) <= SAME_MOMENT_MS;
}

function talliesOf(drifted: readonly DriftedLicense[]): readonly DriftTally[] {
  const tallies = new Map<string, DriftTally>();
  for (const { skuId, at, actor } of drifted) {
    const day = at === null ? null : new Date(at).toISOString().slice(0, 10);
    const key = JSON.stringify([skuId, day, actor]);
    tallies.set(key, { skuId, day, actor, count: (tallies.get(key)?.count ?? 0) + 1 });
  }
  return [...tallies.values()].sort(
    (a, b) =>
      a.skuId.localeCompare(b.skuId) ||
      (a.day ?? LAST).localeCompare(b.day ?? LAST) ||
      b.count - a.count ||
      (a.actor ?? LAST).localeCompare(b.actor ?? LAST),
  );
}

/** Sorts after every day and name. */
const LAST = "\uffff";
