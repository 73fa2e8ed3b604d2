import type { Catalog } from "./catalog";
import { effectivePlans, missing } from "./effective-plans";
import type { Assignment, Guid, License, LicensedUser } from "./model";

/** A user who would lose plans, and which. */
export interface Loss {
  readonly userId: Guid;
  readonly planIds: readonly Guid[];
}

/**
 * Who would lose what if a group gave `after` to its members instead of what it gives now.
 * Counts what works today against what would work then, whatever the source of each.
 */
export function lossOfGroupChange(
  members: Iterable<LicensedUser>,
  groupId: Guid,
  after: readonly License[],
  catalog: Catalog,
): readonly Loss[] {
  const losses: Loss[] = [];
  for (const user of members) {
    const then: LicensedUser = { ...user, assignments: user.assignments.flatMap((entry) => changed(entry)) };
    const planIds = missing(effectivePlans(user, catalog), effectivePlans(then, catalog));
    if (planIds.length > 0) losses.push({ userId: user.id, planIds });
  }
  return losses;

  function changed(entry: Assignment): Assignment[] {
    if (entry.assignedByGroup !== groupId) return [entry];
    const license = after.find((each) => each.skuId === entry.skuId);
    return license === undefined ? [] : [{ ...entry, disabledPlans: license.disabledPlans }];
  }
}

/** A refusal as a small runbook: how many, who first, what they would lose, and the ways out. */
export function lossRefusal(what: string, losses: readonly Loss[], catalog: Catalog): string {
  const plans = [...new Set(losses.flatMap((loss) => loss.planIds))].map((id) => catalog.planName(id)).sort();
  const first = losses.slice(0, SHOWN).map((loss) => loss.userId);
  const more = losses.length > SHOWN ? ` and ${losses.length - SHOWN} more` : "";
  return [
    `${what} would take ${plans.join(", ")} from ${losses.length} ${losses.length === 1 ? "user" : "users"}:`,
    `${first.join(", ")}${more}.`,
    "Nothing was changed. Ways out: leave the group's licence as it is;",
    "or give these users the same plans by another licensing group first;",
    "or put their direct licences back first.",
  ].join(" ");
}

const SHOWN = 5;
