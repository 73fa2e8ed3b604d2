import type { Sku } from "../model";

/**
 * How a subscription stands: in force; in its grace period, where it works and will end; or ended, where its licences give nothing,
 * whatever the users' assignment states say.
 */
export type Standing = "enabled" | "grace" | "ended";

/**
 * Microsoft's words are Enabled, Warning, Suspended, LockedOut and Deleted; a word that is not known is never safe. A SKU with several
 * subscriptions shows one status: where the units in force are fewer than those in use, some users live on units that are ending.
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
      return "ended";
  }
}

function isShortOfUnits({ consumedUnits, prepaidUnits }: Sku): boolean {
  const { enabled, warning, suspended, lockedOut } = prepaidUnits;
  return enabled < consumedUnits && warning + suspended + lockedOut > 0;
}

const RANK = { ended: 0, grace: 1, enabled: 2 } as const satisfies Record<Standing, number>;

/** Whether one ends no sooner than the other, as far as their standings tell. */
export function lastsAsLongAs(one: Standing, other: Standing): boolean {
  return RANK[one] >= RANK[other];
}

/** The status as people read it: `Suspended`, `Enabled for 10 of 25 units in use`, `not among the tenant's subscriptions`. */
export function statusWords(sku: Sku | undefined): string {
  if (sku === undefined) return "not among the tenant's subscriptions";
  const { capabilityStatus, consumedUnits, prepaidUnits } = sku;
  if (capabilityStatus.toLowerCase() === "enabled" && isShortOfUnits(sku)) {
    return `${capabilityStatus} for ${prepaidUnits.enabled} of ${consumedUnits} units in use`;
  }
  return capabilityStatus === "" ? "of unknown status" : capabilityStatus;
}
