import type { Catalog } from "../catalog/catalog";
import { inForce, missing, unionOfPlans } from "../effective-plans";
import type { License, LicensedUser } from "../model";
import { thousands } from "../counts";

/** How well a group or a rule matches the holders of a pattern. */
export interface Fit {
  /** Holders inside the group. Recall is `covered / holders`. */
  readonly covered: number;
  readonly holders: number;
  /** Members that would get something new. Precision is `1 - extra / members`. */
  readonly extra: number;
  readonly members: number;
}

/** Limits of an alternative: at least 80 % of the holders, at most one extra member for two holders. */
const LEAST_COVERED = 0.8;
const MOST_EXTRA = 0.5;

export function isExact({ covered, holders, extra }: Fit): boolean {
  return covered === holders && extra === 0;
}

export function isNear({ covered, holders, extra }: Fit): boolean {
  return covered >= LEAST_COVERED * holders && extra <= MOST_EXTRA * holders;
}

/** `covers 198 of 200`, followed by the number of extra members. */
export function formatFit({ covered, holders, extra }: Fit): string {
  const more =
    extra === 0
      ? "no other user"
      : `${thousands(extra)} ${extra === 1 ? "user that does" : "users that do"} not have it today`;
  return `covers ${thousands(covered)} of ${thousands(holders)}, and ${more}`;
}

/** Sort order: fewest wrong members first, then the smaller group. */
export function byFit(a: Fit, b: Fit): number {
  return wrong(a) - wrong(b) || a.members - b.members;
}

function wrong({ covered, holders, extra }: Fit): number {
  return holders - covered + extra;
}

/**
 * True if the user already has every plan of the licence through the same SKU. Another SKU with these plans does
 * not count, because the group would take another seat.
 */
export function hasToday(user: LicensedUser | undefined, license: License, catalog: Catalog): boolean {
  const own = user?.assignments.filter((entry) => entry.skuId === license.skuId && inForce(entry)) ?? [];
  return own.length > 0 && missing(catalog.enabledPlans(license), unionOfPlans(own, catalog)).length === 0;
}
