import { packIds, unpackIds, type PackedPairs } from "./compact-ids";
import type { PackedPlans } from "./bridges-on-record";
import { DamagedRecord } from "./damaged-record";
import { digestOf } from "../digest";
import { isDirect, type Guid, type License, type LicensedUser } from "../model";
import type { BegunMoves } from "./moves-on-record";
import { NO_REPLACING, type ReplacingGroups } from "./replacing-groups";
import { counted } from "../counts";
import type { UsersByWord } from "./users-by-word";

/**
 * Each user's direct licences (SKU and disabled plans) when first seen; a rollback restores from it. It only grows,
 * and the first record of a user and SKU is kept: later ones may come from the old automation.
 */
export type Baseline = ReadonlyMap<Guid, ReadonlyMap<Guid, License>>;

/** Users with the same direct licences, as the state stores them: patterns are few, users are many. */
export interface BaselinePattern {
  readonly licenses: readonly License[];
  /** See `ReplacingGroups`; absent: nothing was removed from these users so far. */
  readonly groups?: readonly string[];
  /** See `packIds`. */
  readonly users: string;
}

/** The baseline as stored in the state. */
export interface BaselineState {
  /** Number of users on record. */
  readonly users: number;
  /** Digest of `__entries`. */
  readonly digest: string;
  readonly __entries: readonly BaselinePattern[];
  /** See `DeparturesOnRecord`. */
  readonly __departed: readonly { readonly day: string; readonly users: string }[];
  readonly __rules: Readonly<Record<string, string | null>>;
  /** See `Bridges`. Absent: none. */
  readonly __bridges?: PackedPairs;
  /** See `PlansBeforeSwap`. Absent: no swap. */
  readonly __plansBefore?: PackedPlans;
  /** Absent: no run has begun removals. */
  readonly __begun?: BegunRemovals;
  /** Absent: no run has begun a move. */
  readonly __moving?: BegunMoves;
}

/**
 * The planned removals of one run, in wave order, stored before the first wave begins: by SKU, users as positions
 * in the sorted list of users on record. It stays after the run; the slices tell whether they ended.
 */
export interface BegunRemovals {
  /** ISO 8601. */
  readonly at: string;
  readonly waves: readonly { readonly wave: string; readonly parts: number; readonly of: UsersByWord }[];
}

/** @param scopeOf the SKUs to record, by user */
export function baselineOf(users: Iterable<LicensedUser>, scopeOf: (userId: Guid) => ReadonlySet<Guid>): Baseline {
  const baseline = new Map<Guid, ReadonlyMap<Guid, License>>();
  // Few distinct licences exist, so users with the same ones share one object.
  const shared = new Map<string, ReadonlyMap<Guid, License>>();
  for (const user of users) {
    const skuIds = scopeOf(user.id);
    const direct = user.assignments.filter((entry) => isDirect(entry) && skuIds.has(entry.skuId));
    if (direct.length === 0) continue;
    const key = direct.map(({ skuId, disabledPlans }) => `${skuId} ${disabledPlans.join(" ")}`).join();
    const licenses = shared.get(key) ?? licensesOf(direct);
    shared.set(key, licenses);
    baseline.set(user.id, licenses);
  }
  return baseline;
}

function licensesOf(held: readonly License[]): ReadonlyMap<Guid, License> {
  return new Map(held.map(({ skuId, disabledPlans }) => [skuId, { skuId, disabledPlans: [...disabledPlans].sort() }]));
}

/** The SKUs that any user of the baseline has on record. */
export function recordedSkus(baseline: Baseline): ReadonlySet<Guid> {
  // Users with the same licences share one object.
  return new Set([...new Set(baseline.values())].flatMap((licenses) => [...licenses.keys()]));
}

/** Adds newly seen users and SKUs; known entries win. */
export function grow(known: Baseline, seen: Baseline): Baseline {
  // check: the baseline keeps the users that were on it
  const grown = new Map(known);
  for (const [userId, licenses] of seen) {
    // check: the baseline keeps the first record
    grown.set(userId, known.has(userId) ? new Map([...licenses, ...(known.get(userId) ?? [])]) : licenses);
  }
  return grown;
}

export function packBaseline(
  baseline: Baseline,
  replacing: ReplacingGroups = NO_REPLACING,
): readonly BaselinePattern[] {
  const patterns = new Map<string, Omit<BaselinePattern, "users"> & { readonly users: Guid[] }>();
  for (const [userId, byId] of baseline) {
    const licenses = [...byId.values()].sort((a, b) => a.skuId.localeCompare(b.skuId));
    const groups = replacing.get(userId);
    const key = JSON.stringify([licenses, groups]);
    const pattern = patterns.get(key) ?? { licenses, ...(groups && { groups }), users: [] };
    patterns.set(key, pattern);
    pattern.users.push(userId);
  }
  return [...patterns.keys()].sort().flatMap((key) => {
    const pattern = patterns.get(key);
    return pattern === undefined ? [] : [{ ...pattern, users: packIds(pattern.users) }];
  });
}

/**
 * Normalises the order of properties, which the engine may change: the same pattern would be stored twice.
 *
 * @throws DamagedRecord if a list of ids is incomplete
 */
export function unpackBaseline(patterns: readonly BaselinePattern[]): Baseline {
  const baseline = new Map<Guid, ReadonlyMap<Guid, License>>();
  for (const { licenses, users } of patterns) {
    const bySku = licensesOf(licenses);
    for (const userId of unpackIds(users)) baseline.set(userId, bySku);
  }
  return baseline;
}

/** Digest of a stored baseline, independent of the order of entries. */
export function baselineDigest(entries: readonly BaselinePattern[]): string {
  return digestOf(
    entries.map(({ licenses, groups, users }) => {
      const words = licenses.map(({ skuId, disabledPlans }) => `${skuId} without ${disabledPlans.join(" ")}`);
      const replaced = groups === undefined ? "" : ` replaced by ${groups.join(" ")}`;
      return `${words.join(", ")}${replaced}: ${users}`;
    }),
  );
}

/**
 * Reads the stored baseline.
 *
 * @throws DamagedRecord if it is incomplete: a removal without a full baseline could not be rolled back
 */
export function recordedBaseline({ users, digest, __entries }: BaselineState): Baseline {
  const baseline = unpackBaseline(__entries);
  // check: no user is missing on record
  if (baseline.size !== users) {
    const found = counted(baseline.size, "is", "are");
    throw new DamagedRecord(`the baseline says that it has ${counted(users, "user")}, and ${found} in it`);
  }
  // check: the record is what was written
  if (digest !== baselineDigest(__entries)) {
    throw new DamagedRecord("the baseline does not match its digest");
  }
  return baseline;
}
