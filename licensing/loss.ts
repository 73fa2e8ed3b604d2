import type { Catalog } from "./catalog";
import { inForce, missing } from "./effective-plans";
import type { Assignment, Guid, License, LicensedUser } from "./model";

/** A user who would lose plans, and which. */
export interface Loss {
  readonly userId: Guid;
  readonly planIds: readonly Guid[];
}

/** What groups will give to their members, by group id. */
export type LicensesByGroup = ReadonlyMap<Guid, readonly License[]>;

/**
 * Who would lose what if these groups gave other licences than they give now. All changes of a run are judged together:
 * two groups that give the same may not vouch for each other while both lose it.
 *
 * A plan is lost when a changed group gives it today and nothing sure gives it then: what another group gives counts
 * only while it is `Active` and without error, because Entra keeps entries of people who have left.
 */
export function lossOfGroupChanges(
  members: Iterable<LicensedUser>,
  after: LicensesByGroup,
  catalog: Catalog,
): readonly Loss[] {
  const losses: Loss[] = [];
  for (const user of members) {
    const changed = user.assignments.filter((entry) => inForce(entry) && after.has(entry.assignedByGroup ?? ""));
    const given = new Set(changed.flatMap((entry) => [...catalog.enabledPlans(entry)]));
    const then = new Set(user.assignments.flatMap((entry) => plansThen(entry)));
    const planIds = missing(given, then);
    if (planIds.length > 0) losses.push({ userId: user.id, planIds });
  }
  return losses;

  function plansThen(entry: Assignment): readonly Guid[] {
    const target = after.get(entry.assignedByGroup ?? "");
    if (target === undefined) return isSure(entry) ? [...catalog.enabledPlans(entry)] : [];
    const license = target.find((each) => each.skuId === entry.skuId);
    if (license === undefined || !inForce(entry)) return [];
    return [...catalog.enabledPlans({ ...entry, disabledPlans: license.disabledPlans })];
  }
}

function isSure(entry: Assignment): boolean {
  return entry.assignedByGroup === null ? inForce(entry) : entry.state === "Active" && entry.error === null;
}

/** A plan of a group's SKU that the stack file allows somebody to lose, with its ids. */
export interface ResolvedLoss {
  /** The logical name of the group. */
  readonly group: string;
  readonly skuId: Guid;
  readonly planId: Guid;
}

export function withoutAccepted(losses: readonly Loss[], accepted: readonly ResolvedLoss[]): readonly Loss[] {
  const plans = new Set(accepted.map(({ planId }) => planId));
  return losses
    .map(({ userId, planIds }) => ({ userId, planIds: planIds.filter((planId) => !plans.has(planId)) }))
    .filter(({ planIds }) => planIds.length > 0);
}

/**
 * A refusal as a small runbook: how many users, who first, what they would lose, and the three ways out.
 *
 * @param now what the group gives today: where the lost plans come from
 */
export function lossRefusal(
  group: { readonly name: string; readonly displayName: string },
  now: readonly License[],
  losses: readonly Loss[],
  catalog: Catalog,
): string {
  const planIds = [...new Set(losses.flatMap((loss) => loss.planIds))];
  const entries = planIds
    .flatMap((planId) =>
      now
        .filter((license) => catalog.enabledPlans(license).has(planId))
        .map(
          ({ skuId }) => `{group: ${group.name}, sku: ${catalog.skuName(skuId)}, plan: ${catalog.planName(planId)}}`,
        ),
    )
    .sort();
  const more = entries.length > SHOWN ? `, …: one for each of the ${entries.length} plans` : "";
  const accept = `${entries.slice(0, SHOWN).join(", ")}${more}`;
  return [
    `The change to the licences of ${group.displayName} would take ${planNames(planIds, catalog)} from ${whom(losses)}.`,
    "Nothing was changed. Ways out: leave the group's licence as it is;",
    "or give these users the same plans another way first, by another licensing group or directly;",
    `or say in the stack file that they may lose them: licensing:acceptLoss: [${accept}].`,
  ].join(" ");
}

/** `2 users: 1111…, 2222…`. */
export function whom(losses: readonly Loss[]): string {
  const first = losses.slice(0, SHOWN).map((loss) => loss.userId);
  const more = losses.length > SHOWN ? ` and ${losses.length - SHOWN} more` : "";
  return `${losses.length} ${losses.length === 1 ? "user" : "users"} (${first.join(", ")}${more})`;
}

export function planNames(planIds: Iterable<Guid>, catalog: Catalog): string {
  return [...new Set(planIds)]
    .map((id) => catalog.planName(id))
    .sort()
    .join(", ");
}

const SHOWN = 5;
