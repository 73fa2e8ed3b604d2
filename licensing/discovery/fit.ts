import type { Catalog } from "../catalog/catalog";
import { inForce, missing, unionOfPlans } from "../effective-plans";
import type { License, LicensedUser } from "../model";
import { thousands } from "../counts";

/** How well a group or a rule stands for the holders of a pattern: the two figures by which a person can judge. */
export interface Fit {
  /** Holders who are in it. Recall is `covered / holders`. */
  readonly covered: number;
  readonly holders: number;
  /** Members who would get what they do not have today. Precision is `1 - extra / members`. */
  readonly extra: number;
  readonly members: number;
}

/** Fewer holders covered, or more strangers than one for two of them, are no alternative that is worth a line. */
const LEAST_COVERED = 0.8;
const MOST_EXTRA = 0.5;

export function isExact({ covered, holders, extra }: Fit): boolean {
  return covered === holders && extra === 0;
}

export function isNear({ covered, holders, extra }: Fit): boolean {
  return covered >= LEAST_COVERED * holders && extra <= MOST_EXTRA * holders;
}

/** `covers 198 of 200, and 3 who do not have it today`. */
export function formatFit({ covered, holders, extra }: Fit): string {
  const more = extra === 0 ? "nobody else" : `${thousands(extra)} who ${extra === 1 ? "does" : "do"} not have it today`;
  return `covers ${thousands(covered)} of ${thousands(holders)}, and ${more}`;
}

/** Best first: those that fit more exactly, and of two the tighter one. */
export function byFit(a: Fit, b: Fit): number {
  return wrong(a) - wrong(b) || a.members - b.members;
}

function wrong({ covered, holders, extra }: Fit): number {
  return holders - covered + extra;
}

/**
 * Whether a user has today, through the SKU itself, all that a licence would give. Another SKU with the same plans does not count: a
 * group would take a further seat.
 */
export function hasToday(user: LicensedUser | undefined, license: License, catalog: Catalog): boolean {
  const own = user?.assignments.filter((entry) => entry.skuId === license.skuId && inForce(entry)) ?? [];
  return own.length > 0 && missing(catalog.enabledPlans(license), unionOfPlans(own, catalog)).length === 0;
}
