import { packBaseline, unpackBaseline, type Baseline, type BaselinePattern } from "../record/baseline";
import { digestOf } from "../digest";
import type { ResolvedLoss } from "../loss/loss";
import type { Guid, License } from "../model";
import { holdsDirectly, isMemberFor } from "../drift/moved-users";
import { licensesDigest } from "../decision/refused-removals";
import type { TenantSnapshot } from "../snapshot";
import type { Unrestored } from "../record/unrestored-on-record";

/** A direct licence to put back: SKU and disabled plans as they were when the user was first seen. */
export interface Restore {
  readonly userId: Guid;
  readonly license: License;
}

/** What a rollback is going to do. */
export interface Restores {
  readonly restores: readonly Restore[];
  /** Users with a disabled account who would get something back: a rollback of all leaves them out. */
  readonly disabled: readonly Guid[];
  /** Users who left their group since, and would get something back: only a rollback of all gives it to them. */
  readonly departed: readonly Guid[];
  /** What an earlier run could not put back: it is not tried again as long as nothing has changed for it. */
  readonly unrestored: readonly Restore[];
}

/** What decides whether Entra assigns a licence: the user's licences and location, a seat, the subscription. */
export function circumstancesOf({ userId, license }: Restore, { users, catalog }: TenantSnapshot): string {
  const user = users.get(userId);
  const sku = catalog.skus.find(({ id }) => id === license.skuId);
  const seats = sku === undefined ? 0 : sku.prepaidUnits.enabled + sku.prepaidUnits.warning - sku.consumedUnits;
  return digestOf([
    `licences ${user === undefined ? "" : licensesDigest(user)}`,
    `location ${user?.usageLocation ?? ""}`,
    `seat ${seats > 0}`,
    `subscription ${sku?.capabilityStatus ?? ""}`,
  ]);
}

export const NOTHING_TO_RESTORE: Restores = { restores: [], disabled: [], departed: [], unrestored: [] };

/**
 * What a rollback puts back: what is on record and no longer held directly. `members`: not for users who have left the group
 * since, because a person ended their licence on purpose. `all`: whatever became of the group, but for disabled accounts.
 * Of plans, those that the SKU has today.
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
  const unrestored: Restore[] = [];
  const disabled: Guid[] = [];
  const departed: Guid[] = [];
  for (const userId of userIds) {
    const gone = [...(baseline.get(userId)?.values() ?? [])].filter(
      ({ skuId }) => !holdsDirectly(snapshot, userId, skuId),
    );
    const lacking = whose === "all" ? gone : gone.filter((each) => isMemberFor(snapshot, userId, each, accepted));
    if (lacking.length < gone.length) departed.push(userId);
    if (lacking.length === 0) continue;
    // Unknown is not disabled: a licence too many takes nothing from anybody.
    if (whose === "all" && snapshot.users.get(userId)?.accountEnabled === false) disabled.push(userId);
    else {
      for (const license of lacking) {
        const restore = { userId, license: snapshot.catalog.asOfToday(license) };
        const known = before.get(`${userId} ${license.skuId}`);
        const isSame = known !== undefined && known === circumstancesOf(restore, snapshot);
        (isSame ? unrestored : restores).push(restore);
      }
    }
  }
  return { restores, disabled, departed, unrestored };
}

/** The form in which a rollback travels to the provider. */
export function packRestores(restores: readonly Restore[]): readonly BaselinePattern[] {
  const byUser = new Map<Guid, Map<Guid, License>>();
  for (const { userId, license } of restores) {
    byUser.set(userId, (byUser.get(userId) ?? new Map<Guid, License>()).set(license.skuId, license));
  }
  return packBaseline(byUser);
}

/** @throws DamagedRecord where a list of ids is not whole */
export function restoresIn(patterns: readonly BaselinePattern[]): readonly Restore[] {
  return [...unpackBaseline(patterns)].flatMap(([userId, licenses]) =>
    [...licenses.values()].map((license) => ({ userId, license })),
  );
}

/** Stands for what is still to be put back. */
export function restoreDigest(restores: readonly Restore[]): string {
  return digestOf(restores.map(({ userId, license }) => `${userId} ${license.skuId} restore`));
}
