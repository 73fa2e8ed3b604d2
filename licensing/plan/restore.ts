import { freeSeats } from "../catalog/subscription";
import { packBaseline, unpackBaseline, type Baseline, type BaselinePattern } from "../record/baseline";
import { digestOf } from "../digest";
import type { ResolvedLoss } from "../loss/loss";
import type { Guid, License } from "../model";
import { holdsDirectly, isMemberFor } from "../drift/moved-users";
import { licensesDigest } from "../decision/refused-removals";
import type { TenantSnapshot } from "../snapshot";
import type { Unrestored } from "../record/unrestored-on-record";

/** A direct licence to put back, with its disabled plans as first seen. */
export interface Restore {
  readonly userId: Guid;
  readonly license: License;
}

export interface Restores {
  readonly restores: readonly Restore[];
  /** Users with a disabled account and something to restore. `rollback: all` leaves them out. */
  readonly disabled: readonly Guid[];
  /** Users that left their group and have something to restore. Only `rollback: all` includes them. */
  readonly departed: readonly Guid[];
  /** Licences that an earlier run could not put back. Not retried until the circumstances change. */
  readonly unrestored: readonly UnrestoredLicense[];
}

/** `why`: as the run said; `null`: not on record. */
export interface UnrestoredLicense extends Restore {
  readonly why: string | null;
}

/**
 * Digest of the facts that decide whether Entra accepts the licence: the user's licences and location, free seats,
 * the subscription.
 */
export function circumstancesOf(
  { userId, license }: Restore,
  { users, catalog }: Pick<TenantSnapshot, "users" | "catalog">,
): string {
  const user = users.get(userId);
  const sku = catalog.skus.find(({ id }) => id === license.skuId);
  return digestOf([
    `licences ${user === undefined ? "" : licensesDigest(user)}`,
    `location ${user?.usageLocation ?? ""}`,
    `seat ${freeSeats(sku, "all") > 0}`,
    `subscription ${sku?.capabilityStatus ?? ""}`,
  ]);
}

export const NOTHING_TO_RESTORE: Restores = { restores: [], disabled: [], departed: [], unrestored: [] };

/**
 * The recorded licences that users no longer hold directly, without retired plans. `members` leaves out users that
 * left the group, because a person ended that licence on purpose. `all` includes them, but not disabled accounts.
 */
export function restoresFor(
  userIds: Iterable<Guid>,
  baseline: Baseline,
  snapshot: TenantSnapshot,
  accepted: readonly ResolvedLoss[],
  whose: "members" | "all" = "members",
  before: Unrestored = new Map(),
): Restores {
  const restores: Restore[] = [];
  const unrestored: UnrestoredLicense[] = [];
  const disabled: Guid[] = [];
  const departed: Guid[] = [];
  for (const userId of userIds) {
    const gone = [...(baseline.get(userId)?.values() ?? [])].filter(
      ({ skuId }) => !holdsDirectly(snapshot, userId, skuId),
    );
    const lacking = whose === "all" ? gone : gone.filter((each) => isMemberFor(snapshot, userId, each, accepted));
    if (lacking.length < gone.length) departed.push(userId);
    if (lacking.length === 0) continue;
    // Unknown counts as enabled, because an extra licence takes nothing from the user.
    if (whose === "all" && snapshot.users.get(userId)?.accountEnabled === false) disabled.push(userId);
    else {
      for (const license of lacking) {
        const restore = { userId, license: snapshot.catalog.asOfToday(license) };
        const known = before.get(`${userId} ${license.skuId}`);
        if (known?.circumstances !== circumstancesOf(restore, snapshot)) restores.push(restore);
        else unrestored.push({ ...restore, why: known.why });
      }
    }
  }
  return { restores, disabled, departed, unrestored };
}

/** The form of a rollback in the provider's inputs. */
export function packRestores(restores: readonly Restore[]): readonly BaselinePattern[] {
  const byUser = new Map<Guid, Map<Guid, License>>();
  for (const { userId, license } of restores) {
    byUser.set(userId, (byUser.get(userId) ?? new Map<Guid, License>()).set(license.skuId, license));
  }
  return packBaseline(byUser);
}

/** @throws DamagedRecord if a list of ids is incomplete */
export function restoresIn(patterns: readonly BaselinePattern[]): readonly Restore[] {
  return [...unpackBaseline(patterns)].flatMap(([userId, licenses]) =>
    [...licenses.values()].map((license) => ({ userId, license })),
  );
}

/** Digest of the licences still to be put back. */
export function restoreDigest(restores: readonly Restore[]): string {
  return digestOf(restores.map(({ userId, license }) => `${userId} ${license.skuId} restore`));
}
