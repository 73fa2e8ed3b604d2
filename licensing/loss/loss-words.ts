import type { Catalog } from "../catalog/catalog";
import type { LosingGroup, Loss } from "./loss";
import { nextEdition } from "../catalog/next-edition";
import { unionOfPlans } from "../effective-plans";
import type { Guid, License } from "../model";
import { BY_ID, usersShown, type People } from "../people";
import { counted } from "../counts";
import { grouped } from "../grouped";

/**
 * A refusal as a runbook: number of users, first ids, lost plans, three ways out. The stack file no longer has a
 * released group, so its third way out is to restore the group there first.
 *
 * @param losses of this group alone
 * @param instead a way out that comes before the others; `null`: there is none
 */
export function lossRefusal(
  group: LosingGroup & { readonly displayName: string },
  losses: readonly Loss[],
  catalog: Catalog,
  how: "changed" | "let-go" | "destroyed" = "changed",
  people: People = BY_ID,
  instead: string | null = null,
): string {
  const sayIt =
    how === "changed"
      ? "or say in the stack file that they may lose them:"
      : `or say that they may lose them, in a stack file that has ${group.name} as before, and run pulumi up with it ` +
        "before the group is let go:";
  if (how === "destroyed") {
    return (
      `Without the licences of ${group.displayName}, ${whom(losses, people)} would lose ${lostPlanNames(losses, catalog)}. ` +
      `${NOTHING_GONE} Ways out: give these users the same plans directly, and run pulumi destroy again; ` +
      `or say in the stack file that they may lose them: ${formatAcceptLoss(losses, [group], catalog)}, run pulumi up, and ` +
      `then pulumi destroy; ${GIVE_UP}`
    );
  }
  return [
    `The change to the licences of ${group.displayName} would take ${lostPlanNames(losses, catalog)} from ${whom(losses, people)}.`,
    `Nothing was changed. Ways out: ${instead === null ? "" : `${instead}; or `}leave the group's licence as it is;`,
    "or give these users the same plans another way first, by another licensing group or directly;",
    `${sayIt} ${formatAcceptLoss(losses, [group], catalog)}.`,
  ].join(" ");
}

/** Only a person can say that another edition is enough, so the entries are there to copy; `null`: there is none. */
export function editionsInstead(losses: readonly Loss[], given: readonly License[], catalog: Catalog): string | null {
  const names = [...unionOfPlans(given, catalog)].map((id) => catalog.planName(id));
  const lost = new Set(losses.flatMap(({ plans }) => plans.map(({ planId }) => catalog.planName(planId))));
  const entries = [...lost].flatMap((plan) => {
    const by = nextEdition(plan, names);
    return by === null ? [] : [`{plan: ${plan}, by: ${by}}`];
  });
  if (entries.length === 0) return null;
  return `where the other edition is enough, say so in the stack file: licensing:successors: [${entries.sort().join(", ")}]`;
}

/**
 * Refuses a destroy while members cannot be read.
 *
 * @param why by user, or for the whole group
 */
export function unreadableRefusal(
  group: Pick<LosingGroup, "name"> & { readonly displayName: string },
  why: ReadonlyMap<Guid, string> | string,
): string {
  const users = typeof why === "string" ? [] : [...why].sort(([a], [b]) => a.localeCompare(b));
  const shown = users.slice(0, 5).map(([userId, reason]) => `${userId}: ${reason}`);
  const more = users.length > shown.length ? `; and ${users.length - shown.length} more` : "";
  const found =
    typeof why === "string"
      ? `The members of ${group.displayName} cannot be read (${why}).`
      : `${counted(users.length, "member")} of ${group.displayName} cannot be read (${shown.join("; ")}${more}).`;
  return (
    `${found} They may depend on the licences of that group. ${NOTHING_GONE} Ways out: ` +
    "run pulumi destroy again when they can be read; or, where these users are to go, take them out of the group; " +
    GIVE_UP
  );
}

const NOTHING_GONE = "Nothing was changed, and the record is whole.";
const GIVE_UP =
  "or leave the tenant as it is, and let the stack forget it: pulumi stack export --file state.json, then pulumi state delete --all --force.";

/** The entries by which a stack file accepts these losses, to copy into it. */
export function formatAcceptLoss(losses: readonly Loss[], groups: readonly LosingGroup[], catalog: Catalog): string {
  const names = new Map(groups.map(({ groupId, name }) => [groupId, name]));
  const plans = losses.flatMap((each) => each.plans);
  return formatAcceptPlans(
    plans.map(({ groupId, ...plan }) => ({ ...plan, group: names.get(groupId) ?? groupId })),
    catalog,
  );
}

/** `licensing:acceptLoss: [{group: staff, sku: EMS, plans: [AAD_PREMIUM, INTUNE_A]}]`. */
export function formatAcceptPlans(
  plans: readonly { readonly group: string; readonly skuId: Guid; readonly planId: Guid }[],
  catalog: Catalog,
): string {
  const bySku = grouped(plans, ({ group, skuId }) => `{group: ${group}, sku: ${catalog.skuName(skuId)}`);
  const entries = [...bySku].map(([start, ofSku]) => {
    const own = [...new Set(ofSku.map(({ planId }) => catalog.planName(planId)))].sort();
    return own.length === 1 ? `${start}, plan: ${own.join("")}}` : `${start}, plans: [${own.join(", ")}]}`;
  });
  return `licensing:acceptLoss: [${entries.sort().join(", ")}]`;
}

/** `2 users (1111…, 2222…)`. */
export function whom(losses: readonly Loss[], people: People = BY_ID): string {
  const shown = usersShown(
    losses.map(({ userId }) => userId),
    people,
  );
  return `${counted(losses.length, "user")} (${shown})`;
}

/** `AAD_PREMIUM, INTUNE_A`. */
export function lostPlanNames(losses: readonly Loss[], catalog: Catalog): string {
  const planIds = new Set<Guid>(losses.flatMap(({ plans }) => plans.map(({ planId }) => planId)));
  return [...planIds]
    .map((id) => catalog.planName(id))
    .sort()
    .join(", ");
}
