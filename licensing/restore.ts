import { packBaseline, type Baseline, type BaselinePattern } from "./baseline";
import { digestOf } from "./digest";
import type { ResolvedLoss } from "./loss";
import type { Guid, License } from "./model";
import { holdsDirectly, isMemberFor } from "./moved-users";
import type { TenantSnapshot } from "./snapshot";

/** A direct licence to put back: SKU and disabled plans as they were when the user was first seen. */
export interface Restore {
  readonly userId: Guid;
  readonly license: License;
}

/**
 * What a rollback puts back: what is on record and no longer held directly. Not for people who have left the group
 * since: somebody ended their licence on purpose. Of plans, those that the SKU has today.
 */
export function restoresFor(
  userIds: Iterable<Guid>,
  baseline: Baseline,
  snapshot: TenantSnapshot,
  accepted: readonly ResolvedLoss[],
): readonly Restore[] {
  return [...userIds].flatMap((userId) =>
    [...(baseline.get(userId)?.values() ?? [])]
      .filter(
        (license) =>
          !holdsDirectly(snapshot, userId, license.skuId) && isMemberFor(snapshot, userId, license, accepted),
      )
      .map((license) => ({ userId, license: snapshot.catalog.asOfToday(license) })),
  );
}

/** The form in which a rollback travels to the provider. */
export function packRestores(restores: readonly Restore[]): readonly BaselinePattern[] {
  const byUser = new Map<Guid, Map<Guid, License>>();
  for (const { userId, license } of restores) {
    byUser.set(userId, (byUser.get(userId) ?? new Map<Guid, License>()).set(license.skuId, license));
  }
  return packBaseline(byUser);
}

/** Stands for what is still to be put back. */
export function restoreDigest(restores: readonly Restore[]): string {
  return digestOf(restores.map(({ userId, license }) => `${userId} ${license.skuId} restore`));
}
