import type { Catalog } from "../catalog/catalog";
import { inForce } from "../effective-plans";
import type { Assignment, Guid, License, LicensedUser } from "../model";
import { afterTakeOff, type AfterTakeOff } from "./after-take-off";
import type { LosingGroup, ResolvedLoss } from "./loss";

/**
 * Judges a member after a swap in one call. The old entry still counts while it is in force: Entra has not reached the
 * member yet, and the new licence cannot be there before it is gone.
 *
 * @param had the licences from this group that went off it
 * @param swappedFor SKUs that the same call added to the group
 */
export function afterSwap(
  user: LicensedUser,
  had: readonly License[],
  swappedFor: readonly Guid[],
  group: LosingGroup,
  accepted: readonly ResolvedLoss[],
  catalog: Catalog,
): AfterTakeOff {
  const ofGroup = user.assignments.filter(({ assignedByGroup }) => assignedByGroup === group.groupId);
  const isOff = (entry: Assignment) => had.some(({ skuId }) => skuId === entry.skuId);
  // check: a member that a swap in one call has not reached yet is waited for
  if (ofGroup.some((entry) => isOff(entry) && inForce(entry))) return { kind: "still" };
  const seen = afterTakeOff(user, had, group, accepted, catalog);
  if (seen.kind !== "kept") return seen;
  // Nothing is missing: an error of the new licence is reported by the gate, and waiting would not mend it.
  const isSettled = (entry: Assignment) => entry.state === "Error" || inForce(entry);
  // check: after a swap in one call a member is done when the new licence has arrived
  const isThere = swappedFor.every((skuId) => ofGroup.some((entry) => entry.skuId === skuId && isSettled(entry)));
  return isThere ? seen : { kind: "still" };
}
