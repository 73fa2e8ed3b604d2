import type { Catalog } from "../catalog/catalog";
import { inForce, unionOfPlans } from "../effective-plans";
import { isSelfService } from "./self-service";
import { isOnlyAnApp } from "./small-gain";
import type { DiscoveredUser } from "./tenant-today";

/** Users whom a person looks at before anything is moved. No group is proposed on their account. */
export const KINDS = ["guest", "shared-mailbox", "disabled", "no-location"] as const;

export type PeopleKind = (typeof KINDS)[number];

/**
 * The first of these that holds; `null`: an ordinary user.
 *
 * Graph has no mark for a shared mailbox that an app may read beside licences. It is recognised by two facts: sign-in is blocked, and the
 * licences give a mailbox and at most apps beside it. Self-service SKUs say nothing: everybody has them.
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
