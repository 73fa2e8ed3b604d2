import type { Sku } from "../model";

/**
 * `enabled`: in force. `grace`: still works but will end. `ended`: gives nothing, even if assignment states still
 * say `Active`.
 */
export type Standing = "enabled" | "grace" | "ended";

/**
 * Graph's values are Enabled, Warning, Suspended, LockedOut and Deleted; unknown values are treated as ended. A SKU
 * with several subscriptions has one status, so fewer enabled units than consumed ones mean that some are ending.
 * https://learn.microsoft.com/graph/api/resources/subscribedsku
 */
export function standingOf(sku: Sku | undefined): Standing {
  if (sku === undefined) return "ended";
  switch (sku.capabilityStatus.toLowerCase()) {
    case "enabled":
      return isShortOfUnits(sku) ? "grace" : "enabled";
    case "warning":
      return "grace";
    default:
      // check: a subscription of unknown status has ended
      return "ended";
  }
}

function isShortOfUnits({ consumedUnits, prepaidUnits }: Sku): boolean {
  const { enabled, warning, suspended, lockedOut } = prepaidUnits;
  return enabled < consumedUnits && warning + suspended + lockedOut > 0;
}

/**
 * Free seats of a SKU; none of a SKU that the tenant does not list.
 *
 * @param of `all` counts units in their grace period, too: they can be assigned, and will end
 */
export function freeSeats(sku: Sku | undefined, of: "enabled" | "all"): number {
  if (sku === undefined) return 0;
  const { enabled, warning } = sku.prepaidUnits;
  return Math.max(0, enabled + (of === "all" ? warning : 0) - sku.consumedUnits);
}

const RANK = { ended: 0, grace: 1, enabled: 2 } as const satisfies Record<Standing, number>;

/** True if the first subscription ends no sooner than the other, as far as their status tells. */
export function lastsAsLongAs(one: Standing, other: Standing): boolean {
  return RANK[one] >= RANK[other];
}

/**
 * The status as text for output: `Suspended`, `Enabled for 10 of 25 units in use`,
 * `not among the tenant's subscriptions`.
 */
export function formatStatus(sku: Sku | undefined): string {
  if (sku === undefined) return "not among the tenant's subscriptions";
  const { capabilityStatus, consumedUnits, prepaidUnits } = sku;
  if (capabilityStatus.toLowerCase() === "enabled" && isShortOfUnits(sku)) {
    return `${capabilityStatus} for ${prepaidUnits.enabled} of ${consumedUnits} units in use`;
  }
  return capabilityStatus === "" ? "of unknown status" : capabilityStatus;
}
