import { freeSeats } from "../catalog/subscription";
import type { Catalog } from "../catalog/catalog";
import { inForce, isDirectInForce } from "../effective-plans";
import { isDirect, isFromGroup, type Guid } from "../model";
import { spareFinder, type Spare } from "./paid-twice";
import { KINDS, kindOf, type PeopleKind } from "./people-kinds";
import type { DiscoveredUser } from "./tenant-today";

/** Users affected by a finding about one SKU. */
export interface Affected {
  readonly skuId: Guid;
  readonly userIds: readonly Guid[];
}

/** Users of a SKU that other SKUs of theirs fully include. */
export interface Contained extends Affected, Spare {}

/** Members to which Entra could not apply a group's licence. */
export interface InError extends Affected {
  readonly groupId: Guid;
  readonly cause: string;
}

/** A subscription in its grace period or ended. */
export interface Ending {
  readonly skuId: Guid;
  readonly standing: "grace" | "ended";
  readonly status: string;
  readonly userIds: readonly Guid[];
}

export interface Seats {
  readonly skuId: Guid;
  /** Includes units in their grace period, which can still be assigned. */
  readonly bought: number;
  /** The units of `bought` in their grace period. */
  readonly inGrace: number;
  readonly used: number;
  readonly unused: number;
}

/** Facts about today's licences that administrators should know, with or without a migration. */
export interface Findings {
  readonly users: number;
  /** Number of direct assignments in force. */
  readonly direct: number;
  /** Users with the SKU both directly and from a group. It takes one seat, so there is nothing to pay for. */
  readonly bothWays: readonly Affected[];
  /** Users with a SKU that is not needed beside others of theirs: a wasted seat. */
  readonly contained: readonly Contained[];
  /**
   * Guests, shared mailboxes, disabled accounts, users without a location; each user under the first that applies.
   */
  readonly kinds: Readonly<Record<PeopleKind, readonly Affected[]>>;
  /** Users with a disabled account, including shared mailboxes: their licences take seats. */
  readonly disabledAccounts: readonly Affected[];
  readonly inError: readonly InError[];
  /** Subscriptions in their grace period first, because they can still be renewed. */
  readonly ending: readonly Ending[];
  /** SKUs in `assignedLicenses` without an assignment that names the source. */
  readonly unknownSource: readonly Affected[];
  /** Direct assignments not in force: no seat, or a suspended subscription. No group is proposed for them. */
  readonly notInForce: readonly Affected[];
  /** Direct assignments of SKUs that a stack file cannot name: unlisted, or for the company. */
  readonly unlisted: readonly Affected[];
  readonly seats: readonly Seats[];
}

export function findingsOf(users: ReadonlyMap<Guid, DiscoveredUser>, catalog: Catalog): Findings {
  const declarable = new Set(catalog.skus.filter(({ appliesTo }) => appliesTo === "User").map(({ id }) => id));
  const spareOf = spareFinder(catalog);
  const bothWays = new Map<string, Guid[]>();
  const contained = new Map<string, Guid[]>();
  const disabledAccounts = new Map<string, Guid[]>();
  const unknownSource = new Map<string, Guid[]>();
  const notInForce = new Map<string, Guid[]>();
  const unlisted = new Map<string, Guid[]>();
  const inError = new Map<string, Guid[]>();
  const ending = new Map<string, Guid[]>();
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, new Map<string, Guid[]>()])) as Record<
    PeopleKind,
    Map<string, Guid[]>
  >;
  let direct = 0;
  for (const user of users.values()) {
    const own = user.assignments.filter(isDirectInForce);
    direct += own.length;
    const inherited = new Set(user.assignments.filter((e) => isFromGroup(e) && inForce(e)).map((e) => e.skuId));
    const sources = new Set(user.assignments.map(({ skuId }) => skuId));
    const held = new Set([...user.assignedLicenses, ...user.assignments.filter(inForce)].map(({ skuId }) => skuId));
    for (const entry of user.assignments) {
      if (isDirect(entry) && !inForce(entry)) add(notInForce, entry.skuId, user.id);
      if (isFromGroup(entry) && entry.error !== null) {
        add(inError, `${entry.skuId} ${entry.assignedByGroup} ${entry.error}`, user.id);
      }
    }
    for (const { skuId } of own) {
      if (inherited.has(skuId)) add(bothWays, skuId, user.id);
      if (!declarable.has(skuId)) add(unlisted, skuId, user.id);
    }
    for (const { skuId } of user.assignedLicenses) if (!sources.has(skuId)) add(unknownSource, skuId, user.id);
    const kind = kindOf(user, catalog);
    if (kind !== null) for (const skuId of held) add(kinds[kind], skuId, user.id);
    for (const skuId of held)
      if (catalog.has(skuId) && catalog.standing(skuId) !== "enabled") add(ending, skuId, user.id);
    if (user.accountEnabled === false) for (const skuId of held) add(disabledAccounts, skuId, user.id);
    for (const { skuId, inSkuIds } of spareOf(own, user.assignedLicenses)) {
      add(contained, [skuId, ...inSkuIds].join(" "), user.id);
    }
  }
  return {
    users: users.size,
    direct,
    bothWays: affected(bothWays),
    contained: affected(contained).map(({ skuId, userIds }) => {
      const [inner = "", ...inSkuIds] = skuId.split(" ");
      return { skuId: inner, inSkuIds, userIds };
    }),
    kinds: {
      guest: affected(kinds.guest),
      "shared-mailbox": affected(kinds["shared-mailbox"]),
      disabled: affected(kinds.disabled),
      "no-location": affected(kinds["no-location"]),
    },
    disabledAccounts: affected(disabledAccounts),
    inError: affected(inError).map(({ skuId: key, userIds }) => {
      const [skuId = "", groupId = "", ...cause] = key.split(" ");
      return { skuId, groupId, cause: cause.join(" "), userIds };
    }),
    ending: affected(ending)
      .map(({ skuId, userIds }): Ending => ({
        skuId,
        standing: catalog.standing(skuId) === "grace" ? "grace" : "ended",
        status: catalog.status(skuId),
        userIds,
      }))
      .sort((a, b) => (a.standing === b.standing ? 0 : a.standing === "grace" ? -1 : 1)),
    unknownSource: affected(unknownSource),
    notInForce: affected(notInForce),
    unlisted: affected(unlisted),
    seats: seatsOf(catalog),
  };
}

function seatsOf({ skus }: Catalog): readonly Seats[] {
  return skus
    .filter(({ appliesTo }) => appliesTo === "User")
    .map((sku) => ({
      skuId: sku.id,
      bought: sku.prepaidUnits.enabled + sku.prepaidUnits.warning,
      inGrace: sku.prepaidUnits.warning,
      used: sku.consumedUnits,
      unused: freeSeats(sku, "all"),
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
