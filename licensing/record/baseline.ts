import { packIds, unpackIds } from "./compact-ids";
import { DamagedRecord } from "./damaged-record";
import { digestOf } from "../digest";
import type { Guid, License, LicensedUser } from "../model";
import { NO_REPLACING, type ReplacingGroups } from "./replacing-groups";
import { counted } from "../tally";
import type { UsersByWord } from "./users-by-word";

/**
 * What each user held directly when this program first saw it: SKU and disabled plans. It only grows, and it is what
 * a rollback restores from. The first record of a user and SKU is kept: later ones are what the old automation re-adds.
 */
export type Baseline = ReadonlyMap<Guid, ReadonlyMap<Guid, License>>;

/** One pattern of direct licences with its users, the form in the state: patterns are few, users are many. */
export interface BaselinePattern {
  readonly licenses: readonly License[];
  /** See `ReplacingGroups`; absent: nothing was removed from these users so far. */
  readonly groups?: readonly string[];
  /** See `packIds`. */
  readonly users: string;
}

/** The baseline as the state keeps it. */
export interface BaselineState {
  /** How many are on record. */
  readonly users: number;
  /** Stands for `__entries`. Absent from states of older versions. */
  readonly digest?: string;
  readonly __entries: readonly BaselinePattern[];
  /** See `DeparturesOnRecord`. */
  readonly __departed?: readonly { readonly day: string; readonly users: string }[];
  readonly __rules?: Readonly<Record<string, string | null>>;
  /** Absent: no run has removed anything since states have it. */
  readonly __begun?: BegunRemovals;
}

/**
 * What the waves of one run were about to remove, in their order, written down before the first of them began: by SKU, users by their
 * place among those on record, in order of id. It stays when the run has ended; the parts of the waves tell whether they have.
 */
export interface BegunRemovals {
  /** ISO 8601. */
  readonly at: string;
  readonly waves: readonly { readonly wave: string; readonly parts: number; readonly of: UsersByWord }[];
}

export function baselineOf(users: Iterable<LicensedUser>, skuIds: ReadonlySet<Guid>): Baseline {
  const baseline = new Map<Guid, ReadonlyMap<Guid, License>>();
  // Users are many and what they hold is not: who holds the same shares it.
  const shared = new Map<string, ReadonlyMap<Guid, License>>();
  for (const user of users) {
    const direct = user.assignments.filter((entry) => entry.assignedByGroup === null && skuIds.has(entry.skuId));
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

/** Everything that was known, and what is new. */
export function grow(known: Baseline, seen: Baseline): Baseline {
  const grown = new Map(known);
  for (const [userId, licenses] of seen) {
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
 * Patterns that differ only in the order of disabled plans, or of properties, are the same: otherwise one of them, from an older
 * version or an edited state, would stand beside the other for good.
 */
export function unpackBaseline(patterns: readonly BaselinePattern[]): Baseline {
  const baseline = new Map<Guid, ReadonlyMap<Guid, License>>();
  for (const { licenses, users } of patterns) {
    const bySku = licensesOf(licenses);
    for (const userId of unpackIds(users)) baseline.set(userId, bySku);
  }
  return baseline;
}

/** Stands for a baseline in the state: the same entries, the same digest. */
export function baselineDigest(entries: readonly BaselinePattern[]): string {
  return digestOf(
    entries.map(({ licenses, groups, users }) => {
      const words = licenses.map(
        ({ skuId, disabledPlans }) => `${skuId} without ${[...disabledPlans].sort().join(" ")}`,
      );
      const replaced = groups === undefined ? "" : ` replaced by ${groups.join(" ")}`;
      return `${words.sort().join(", ")}${replaced}: ${users}`;
    }),
  );
}

/**
 * The baseline that the state keeps.
 *
 * @throws DamagedRecord where it is not whole: with less on record than there was, a removal could not be taken back
 */
export function recordedBaseline({ users, digest, __entries }: BaselineState): Baseline {
  const baseline = unpackBaseline(__entries);
  if (baseline.size !== users) {
    const found = counted(baseline.size, "is", "are");
    throw new DamagedRecord(`the baseline says that it has ${counted(users, "user")}, and ${found} in it`);
  }
  if (digest !== undefined && digest !== baselineDigest(__entries)) {
    throw new DamagedRecord("the baseline does not match its digest");
  }
  return baseline;
}
