import type { Catalog } from "../catalog/catalog";
import { inForce, unionOfPlans } from "../effective-plans";
import { isSelfService } from "./self-service";
import { isOnlyAnApp } from "./small-gain";
import type { DiscoveredUser } from "./tenant-today";

/** Kinds of users to review before a move. No group is proposed because of them. */
export const KINDS = ["guest", "shared-mailbox", "disabled", "no-location"] as const;

export type PeopleKind = (typeof KINDS)[number];

/**
 * The first kind that applies; `null`: an ordinary user. Graph does not mark shared mailboxes beside licences. They
 * are recognised by blocked sign-in and licences with a mailbox and at most apps; self-service SKUs do not count.
 */
export function kindOf(user: DiscoveredUser, catalog: Catalog): PeopleKind | null {
  if (user.userType?.toLowerCase() === "guest") return "guest";
  if (user.accountEnabled === false) return hasMailboxOnly(user, catalog) ? "shared-mailbox" : "disabled";
  return user.usageLocation === null || user.usageLocation === "" ? "no-location" : null;
}

function hasMailboxOnly({ assignments }: DiscoveredUser, catalog: Catalog): boolean {
  const free = new Set(catalog.skus.filter(isSelfService).map(({ id }) => id));
  const paid = assignments.filter((entry) => inForce(entry) && !free.has(entry.skuId));
  const plans = [...unionOfPlans(paid, catalog)].map((id) => catalog.planName(id));
  const isMailbox = (name: string) => name.startsWith("EXCHANGE_");
  return plans.some(isMailbox) && plans.every((name) => isMailbox(name) || isOnlyAnApp(name));
}
