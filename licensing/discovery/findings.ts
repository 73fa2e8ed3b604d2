import type { Catalog } from "../catalog";
import { inForce, missing } from "../effective-plans";
import type { Guid, License } from "../model";
import { isDirect, patternKey } from "./patterns";
import type { DiscoveredUser } from "./tenant-today";

/** Users for whom one thing is true of one SKU. */
export interface Affected {
  readonly skuId: Guid;
  readonly userIds: readonly Guid[];
}

/** Users who hold a SKU all of whose plans another SKU of theirs gives as well. */
export interface Contained extends Affected {
  readonly inSkuId: Guid;
}

export interface Seats {
  readonly skuId: Guid;
  readonly bought: number;
  readonly used: number;
  readonly unused: number;
}

/** What people should know about their licences, whatever they do about it. */
export interface Findings {
  readonly users: number;
  /** Direct assignments that are in force. */
  readonly direct: number;
  /** Directly and from a group: one seat, and nothing to pay for. */
  readonly bothWays: readonly Affected[];
  /** Two SKUs where one would do: a seat too many. */
  readonly contained: readonly Contained[];
  readonly disabledAccounts: readonly Affected[];
  /** In `assignedLicenses`, and no entry says where it comes from. */
  readonly unknownSource: readonly Affected[];
  /** Assigned directly, and not in force: no seat, a suspended subscription. Discovery proposes no group for these. */
  readonly notInForce: readonly Affected[];
  /** Held directly and not for a stack file to name: the tenant no longer lists them, or they are for the company. */
  readonly unlisted: readonly Affected[];
  readonly seats: readonly Seats[];
}

export function findingsOf(users: ReadonlyMap<Guid, DiscoveredUser>, catalog: Catalog): Findings {
  const declarable = new Set(catalog.skus.filter(({ appliesTo }) => appliesTo === "User").map(({ id }) => id));
  const contains = containment(catalog);
  const bothWays = new Map<string, Guid[]>();
  const contained = new Map<string, Guid[]>();
  const disabledAccounts = new Map<string, Guid[]>();
  const unknownSource = new Map<string, Guid[]>();
  const notInForce = new Map<string, Guid[]>();
  const unlisted = new Map<string, Guid[]>();
  let direct = 0;
  for (const user of users.values()) {
    const own = user.assignments.filter(isDirect);
    direct += own.length;
    const inherited = new Set(
      user.assignments.filter((e) => e.assignedByGroup !== null && inForce(e)).map((e) => e.skuId),
    );
    const sources = new Set(user.assignments.map(({ skuId }) => skuId));
    const held = new Set([...user.assignedLicenses, ...user.assignments.filter(inForce)].map(({ skuId }) => skuId));
    for (const entry of user.assignments) {
      if (entry.assignedByGroup === null && !inForce(entry)) add(notInForce, entry.skuId, user.id);
    }
    for (const { skuId } of own) {
      if (inherited.has(skuId)) add(bothWays, skuId, user.id);
      if (!declarable.has(skuId)) add(unlisted, skuId, user.id);
    }
    for (const { skuId } of user.assignedLicenses) if (!sources.has(skuId)) add(unknownSource, skuId, user.id);
    if (user.accountEnabled === false) for (const skuId of held) add(disabledAccounts, skuId, user.id);
    for (const inner of own) {
      for (const outer of user.assignedLicenses) {
        if (outer.skuId !== inner.skuId && contains(outer, inner))
          add(contained, `${inner.skuId} ${outer.skuId}`, user.id);
      }
    }
  }
  return {
    users: users.size,
    direct,
    bothWays: affected(bothWays),
    contained: affected(contained).map(({ skuId, userIds }) => {
      const [inner = "", outer = ""] = skuId.split(" ");
      return { skuId: inner, inSkuId: outer, userIds };
    }),
    disabledAccounts: affected(disabledAccounts),
    unknownSource: affected(unknownSource),
    notInForce: affected(notInForce),
    unlisted: affected(unlisted),
    seats: seatsOf(catalog),
  };
}

/** Whether all plans of one licence, and there are some, are on in another. Few licences are different, so each pair is looked at once. */
function containment(catalog: Catalog): (outer: License, inner: License) => boolean {
  const known = new Map<string, boolean>();
  return (outer, inner) => {
    const key = `${patternKey(outer)} in ${patternKey(inner)}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const plans = catalog.enabledPlans(inner);
    const all = plans.size > 0 && missing(plans, catalog.enabledPlans(outer)).length === 0;
    known.set(key, all);
    return all;
  };
}

function seatsOf({ skus }: Catalog): readonly Seats[] {
  return skus
    .filter(({ appliesTo }) => appliesTo === "User")
    .map(({ id, prepaidUnits, consumedUnits }) => ({
      skuId: id,
      bought: prepaidUnits.enabled,
      used: consumedUnits,
      unused: Math.max(0, prepaidUnits.enabled - consumedUnits),
    }))
    .sort((a, b) => b.used - a.used || b.bought - a.bought);
}

function add(map: Map<string, Guid[]>, key: string, userId: Guid): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [userId]);
  else if (known.at(-1) !== userId) known.push(userId);
}

function affected(map: ReadonlyMap<string, readonly Guid[]>): readonly Affected[] {
  return [...map]
    .map(([skuId, userIds]) => ({ skuId, userIds: [...userIds].sort() }))
    .sort((a, b) => b.userIds.length - a.userIds.length);
}
