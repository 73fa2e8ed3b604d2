import { counted } from "../counts";
import { skusInScope } from "../declaration";
import type { CoveredLicense } from "../decision/covered";
import type { Finding } from "../finding";
import type { Guid } from "../model";
import type { StackRecord } from "../record/record";
import { evidenceOf, type TenantSnapshot } from "../snapshot";
import { stayingPlans } from "../decision/staying";
import { directOf } from "./moved-users";

/** SKUs on record that the stack file neither gives nor replaces any more, with the users that hold them directly. */
export function leftTheFile(
  snapshot: TenantSnapshot,
  { baseline }: Pick<StackRecord, "baseline">,
): ReadonlyMap<Guid, readonly Guid[]> {
  const inScope = skusInScope(snapshot.declared);
  const left = new Map<Guid, Guid[]>();
  for (const [userId, licenses] of baseline) {
    for (const skuId of licenses.keys()) {
      if (inScope.has(skuId) || directOf(snapshot, userId, skuId) === undefined) continue;
      left.set(skuId, [...(left.get(skuId) ?? []), userId]);
    }
  }
  return left;
}

/** One note for each SKU. Users in `covered` have a note of their own, which says what to write. */
export function leftTheFileFindings(
  left: ReadonlyMap<Guid, readonly Guid[]>,
  covered: readonly CoveredLicense[],
  snapshot: TenantSnapshot,
): readonly Finding[] {
  const { catalog } = snapshot;
  return [...left].flatMap(([skuId, all]): Finding[] => {
    const known = new Set(covered.filter((each) => each.skuId === skuId).flatMap(({ userIds }) => userIds));
    const userIds = all.filter((userId) => !known.has(userId)).sort();
    if (userIds.length === 0) return [];
    const sku = catalog.skuName(skuId);
    const lacking = plansLacking(skuId, userIds, snapshot).map((planId) => catalog.planName(planId));
    return [
      {
        code: "left-the-file",
        severity: "note",
        about: sku,
        count: userIds.length,
        message:
          `${counted(userIds.length, "user on record holds", "users on record hold")} ${sku} directly, and the stack file ` +
          `neither gives nor replaces it any more: nothing is removed from ${userIds.length === 1 ? "the user" : "them"}` +
          (lacking.length === 0 ? "" : `. Their groups do not give ${lacking.sort().join(", ")}`),
        remedy:
          "To go on, give the SKU by their group again, or name it under replaces of the licence that takes its place. " +
          "Otherwise nothing needs to be done: it stays on record, and a rollback still gives back what was removed.",
        userIds,
      },
    ];
  });
}

/** Plans of these direct licences that the users' groups do not give. */
function plansLacking(skuId: Guid, userIds: readonly Guid[], snapshot: TenantSnapshot): readonly Guid[] {
  const lacking = new Set<Guid>();
  for (const evidence of evidenceOf(snapshot, userIds)) {
    const direct = directOf(snapshot, evidence.user.id, skuId);
    if (direct === undefined) continue;
    const needed = snapshot.catalog.enabledPlans(direct);
    for (const planId of snapshot.catalog.uncovered(needed, stayingPlans(evidence, snapshot, "any")))
      lacking.add(planId);
  }
  return [...lacking];
}
