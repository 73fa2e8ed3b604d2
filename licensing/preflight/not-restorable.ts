import { freeSeats } from "../catalog/subscription";
import { counted, thousands } from "../counts";
import { effectivePlans } from "../effective-plans";
import type { Finding } from "../finding";
import { grouped } from "../grouped";
import { isDirect, type Guid, type LicensedUser } from "../model";
import type { TenantSnapshot } from "../snapshot";
import type { MovesOfSlice } from "./no-way-back";
import type { Relation } from "./tenant-relations";

type Restore = MovesOfSlice["restores"][number];

/**
 * What a rollback could not put back, as far as the tenant shows beforehand: a freed seat may be taken or cancelled, a
 * subscription may have ended, and after a swap the group's licence may exclude the old one.
 *
 * @param exclusive pairs of plans; only certain ones count
 */
export function notRestorableFindings(
  slices: readonly MovesOfSlice[],
  snapshot: TenantSnapshot,
  exclusive: readonly Relation[],
): readonly Finding[] {
  const { catalog, users } = snapshot;
  const takesBack = new Set(slices.flatMap((slice) => slice.takesBack).map(keyOf));
  const bySku = grouped(
    slices.flatMap(({ restores }) => restores),
    ({ license }) => license.skuId,
  );
  return [...bySku].flatMap(([skuId, restores]): Finding[] => {
    const name = catalog.skuName(skuId);
    if (catalog.standing(skuId) === "ended") {
      return [
        finding(
          restores.map(({ userId }) => userId),
          (who) => `${who} could not get a direct ${name} back: its subscription has ended.`,
          "Renew it before the rollback. Until then these users keep what they have now.",
        ),
      ];
    }
    const clashes = restores.flatMap((restore) => {
      const words = clashOf(restore);
      return words === null ? [] : [{ userId: restore.userId, words }];
    });
    const excluded = new Set(clashes.map(({ userId }) => userId));
    return [
      ...[...grouped(clashes, ({ words }) => words)].map(([words, same]) =>
        finding(
          same.map(({ userId }) => userId),
          (who) =>
            `${who} could not get a direct ${name} back: plans exclude each other (${words}), and the other one stays.`,
          "They keep what they have now. To go back all the same, take a user out of the group that gives the other plan, and assign " +
            "the old licence when Entra has taken the new one off: in between the user has neither.",
        ),
      ),
      ...shortOfSeats(
        skuId,
        restores.filter(({ userId }) => !excluded.has(userId)),
      ),
    ];
  });

  function clashOf({ userId, license }: Restore): string | null {
    const user = users.get(userId);
    if (user === undefined) return null;
    const plans = catalog.enabledPlans(license);
    const staying = effectivePlans(withoutSwap(user), catalog);
    const pair = exclusive.find(
      ({ plan, others: [other = ""], isSure }) =>
        isSure && ((plans.has(plan) && staying.has(other)) || (plans.has(other) && staying.has(plan))),
    );
    return pair?.words ?? null;
  }

  /** What a swap added goes in the call that puts the old licence back. */
  function withoutSwap(user: LicensedUser): LicensedUser {
    const goes = (entry: LicensedUser["assignments"][number]) =>
      isDirect(entry) && takesBack.has(keyOf({ userId: user.id, skuId: entry.skuId }));
    return { ...user, assignments: user.assignments.filter((entry) => !goes(entry)) };
  }

  /** A user that has the SKU in any way has a seat of it. */
  function shortOfSeats(skuId: Guid, restores: readonly Restore[]): readonly Finding[] {
    const sku = catalog.skus.find(({ id }) => id === skuId);
    if (sku === undefined) return [];
    const wanted = restores.filter(
      ({ userId }) => users.get(userId)?.assignedLicenses.some((license) => license.skuId === skuId) !== true,
    );
    const left = freeSeats(sku, "all");
    if (wanted.length <= left) return [];
    const missing = wanted.length - left;
    return [
      finding(
        wanted.map(({ userId }) => userId),
        (who) =>
          `${who} would need a seat of ${sku.partNumber} to get theirs back, and ${thousands(left)} ${left === 1 ? "is" : "are"} left: ` +
          `the rollback could not put back ${thousands(missing)}.`,
        `Buy or free ${counted(missing, "seat")} before the rollback. Users without one keep what they have now.`,
      ),
    ];
  }
}

function finding(userIds: readonly Guid[], words: (who: string) => string, remedy: string): Finding {
  const all = [...new Set(userIds)].sort();
  const message = words(counted(all.length, "user"));
  return { code: "not-restorable", severity: "warning", about: "", count: all.length, message, remedy, userIds: all };
}

const keyOf = ({ userId, skuId }: { readonly userId: Guid; readonly skuId: Guid }): string => `${userId} ${skuId}`;
