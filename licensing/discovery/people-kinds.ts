import type { Catalog } from "../catalog";
import { inForce, unionOfPlans } from "../effective-plans";
import type { DiscoveredUser } from "./tenant-today";

/** Users whom a person looks at before anything is moved. No group is proposed on their account. */
export const KINDS = ["guest", "shared-mailbox", "disabled", "no-location"] as const;

export type PeopleKind = (typeof KINDS)[number];

/**
 * The first of these that holds; `null`: an ordinary user.
 *
 * Graph has no mark for a shared mailbox that an app may read beside licences. This one is told by two facts: nobody can sign in, and all
 * that the licences have on is a mailbox (plans of Exchange).
 */
export function kindOf(user: DiscoveredUser, catalog: Catalog): PeopleKind | null {
  if (user.userType?.toLowerCase() === "guest") return "guest";
  if (user.accountEnabled === false) return hasMailboxOnly(user, catalog) ? "shared-mailbox" : "disabled";
  return user.usageLocation === null || user.usageLocation === "" ? "no-location" : null;
}

function hasMailboxOnly({ assignments }: DiscoveredUser, catalog: Catalog): boolean {
  const plans = [...unionOfPlans(assignments.filter(inForce), catalog)].map((id) => catalog.planName(id));
  return plans.length > 0 && plans.every((name) => name.startsWith("EXCHANGE_"));
}
