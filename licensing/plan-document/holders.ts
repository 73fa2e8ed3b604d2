import { inForce } from "../effective-plans";
import { isFromGroup, type Guid, type LicensedUser, type Removal } from "../model";
import type { PlanDocument } from "./schema";

type Holders = PlanDocument["skus"][number]["now"];

/** Direct assignments: users by SKU. */
export type Pairs = ReadonlyMap<Guid, ReadonlySet<Guid>>;

export function pairsOf(pairs: Iterable<Removal>): Pairs {
  const bySku = new Map<Guid, Set<Guid>>();
  for (const { userId, skuId } of pairs) bySku.set(skuId, (bySku.get(skuId) ?? new Set()).add(userId));
  return bySku;
}

/** Direct assignments to remove or add before counting. */
interface HolderChange {
  readonly removed: Pairs;
  readonly restored: Pairs;
}

/** Counts a SKU's users, each once, by source. */
export function countHolders(
  skuId: Guid,
  users: Iterable<LicensedUser>,
  blocked: Pairs,
  change: HolderChange,
): Holders {
  const counts = { direct: 0, both: 0, inherited: 0, blocked: 0 };
  const isIn = (pairs: Pairs, userId: Guid) => pairs.get(skuId)?.has(userId) === true;
  for (const { id, assignments } of users) {
    let isDirect = isIn(change.restored, id);
    let isInherited = false;
    for (const entry of assignments) {
      if (entry.skuId !== skuId) continue;
      if (!isFromGroup(entry)) isDirect ||= !isIn(change.removed, id);
      else isInherited ||= inForce(entry);
    }
    if (isIn(blocked, id)) counts.blocked += 1;
    else if (isDirect && isInherited) counts.both += 1;
    else if (isDirect) counts.direct += 1;
    else if (isInherited) counts.inherited += 1;
  }
  return counts;
}
