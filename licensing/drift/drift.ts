import { declaredSkus } from "../declaration";
import type { Guid } from "../model";
import type { StackRecord } from "../record/record";
import type { TenantSnapshot } from "../snapshot";

/**
 * Direct licences that came back on users who were moved: the automation from before the move is still running, or
 * somebody assigned one by hand. They take nothing from anybody, and the plan removes them again under the same proof.
 */
export interface Drift {
  /** In order of SKU and user. */
  readonly returned: readonly DriftedLicense[];
  /** The same, counted by SKU, day and actor: the oldest day first, an unknown one last. */
  readonly tallies: readonly DriftTally[];
  /** Why the audit log does not tell all of it; `null` where it was read to the end, or nothing came back. */
  readonly auditGap: string | null;
}

export interface DriftedLicense {
  readonly userId: Guid;
  readonly skuId: Guid;
  /** When it came back, ISO 8601; `null`: nothing tells. */
  readonly at: string | null;
  /**
   * The person or app that changed the user's licences at that time, by the audit log; `a or b` where several did, because a
   * record does not tell reliably which SKU it is about; `a or someone since` where the log may lack a record. `null`: no name.
   */
  readonly actor: string | null;
  /** Why a name in `actor` is not sure; `null`: it is, or there is none. */
  readonly doubt: AuditDoubt | null;
}

/**
 * `late`: the right record may not be in the log yet. `cut`: older records were not read. `unnamed`: another record of that time
 * names no actor.
 */
export type AuditDoubt = "late" | "cut" | "unnamed";

export interface DriftTally {
  readonly skuId: Guid;
  /** `2026-11-20`, in UTC. */
  readonly day: string | null;
  readonly actor: string | null;
  readonly count: number;
}

/** A direct assignment that is there again after this stack removed it. */
export interface ReturnedLicense {
  readonly userId: Guid;
  readonly skuId: Guid;
  readonly removedAtMs: number;
  /** When the tenant says that the assignment last changed; `null` where it does not say. */
  readonly changedAtMs: number | null;
}

/** A change of a user's licences, of whatever SKU, as the audit log tells. */
export interface LicenseChange {
  readonly userId: Guid;
  /** ISO 8601. */
  readonly at: string;
  readonly actor: string | null;
}

/** What the audit log said when it was asked. */
export interface AuditReading {
  readonly changes: readonly LicenseChange[];
  /** Records are known from here on, in milliseconds since 1970. */
  readonly fromMs: number;
  /** When the log was asked. */
  readonly readAtMs: number;
  /** See `Drift.auditGap`. */
  readonly gap: string | null;
}

export const NOT_ASKED: AuditReading = { changes: [], fromMs: 0, readAtMs: 0, gap: null };

/** A record is in the log after this time: https://learn.microsoft.com/entra/identity/monitoring-health/reference-reports-latencies */
const LOG_LAGS_MS = 60 * 60_000;

/**
 * How far two clocks, or an assignment and the record of it, may be apart and still mean one moment. A record further
 * away is about something else: the log lags up to an hour, and the right one may not be there yet.
 */
const SAME_MOMENT_MS = 5 * 60_000;

/** Graph's clock is read from its `Date` header, in whole seconds: a removal may be recorded that much after its time here. */
const WHOLE_SECONDS_MS = 1_000;

/** Which of the direct assignments that this stack removed are there again. */
export function returnedLicenses(snapshot: TenantSnapshot, record: StackRecord): readonly ReturnedLicense[] {
  const skuIds = declaredSkus(snapshot.declared);
  const returned: ReturnedLicense[] = [];
  for (const [userId, bySku] of record.removals) {
    for (const { assignedByGroup, skuId, changedAtMs = null } of snapshot.users.get(userId)?.assignments ?? []) {
      const removedAtMs = bySku.get(skuId);
      if (assignedByGroup !== null || removedAtMs === undefined || !skuIds.has(skuId)) continue;
      // A list that lags behind the removal still shows the old assignment: that one has not come back.
      if (changedAtMs !== null && changedAtMs < removedAtMs - SAME_MOMENT_MS) continue;
      returned.push({ userId, skuId, removedAtMs, changedAtMs });
    }
  }
  return returned.sort((a, b) => a.skuId.localeCompare(b.skuId) || a.userId.localeCompare(b.userId));
}

/** From when on the audit log has to be read to find them all; `null` when nothing came back. */
export function searchFromMs(returned: readonly ReturnedLicense[]): number | null {
  return returned.reduce<number | null>((earliest, { removedAtMs, changedAtMs }) => {
    const fromMs = changedAtMs === null ? removedAtMs : changedAtMs - SAME_MOMENT_MS;
    return earliest === null ? fromMs : Math.min(earliest, fromMs);
  }, null);
}

/** Joins what came back with what the audit log says, and claims no more than that. */
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

/** A name is sure only where every record that could be the right one has been read. */
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

/** Where the tenant tells when the assignment changed, at that moment; else at any time since it was removed. */
function mayBeOf({ removedAtMs, changedAtMs }: ReturnedLicense, atMs: number): boolean {
  // Later than the removal: what this program did itself is no drift.
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

/** Sorts behind every day and name. */
const LAST = "\uffff";
