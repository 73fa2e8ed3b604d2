import { countByName, counted, thousands, type CountsByName } from "../counts";
import type { Catalog } from "../catalog/catalog";
import { formatSuccession } from "../catalog/successors";
import type { DeclaredGroup } from "../declaration";
import { formatLicenses } from "../license-patterns";
import { goesLater } from "../loss/goes-later";
import {
  lossOfGroupChanges,
  successionsOfGroupChange,
  unaccepted,
  type LicensesByGroup,
  type Loss,
  type ResolvedLoss,
} from "../loss/loss";
import type { LicenseChange } from "../loss/group-change";
import type { OneCall } from "../loss/one-call";
import type { Guid, License, LicensedUser } from "../model";
import type { SeatReading } from "../preflight/seats";

export interface TakingOffInput {
  readonly declared: DeclaredGroup;
  readonly members: readonly LicensedUser[];
  readonly changes: readonly LicenseChange[];
  /** All SKUs that this run takes off the group. */
  readonly takenOff: readonly License[];
  /** The group's swap in one call; absent or `null`: none. */
  readonly call?: OneCall | null;
  readonly after: LicensesByGroup;
  readonly accepted: readonly ResolvedLoss[];
  readonly catalog: Catalog;
  readonly whenGiven: () => ReadonlyMap<Guid, LicensedUser>;
  readonly seats: readonly SeatReading[];
}

export interface TakingOff {
  /** SKUs that stay until every member has been verified, see `goesLater`, or until the swap in one call. */
  readonly later: readonly License[];
  /** All losses of this group's change, accepted or not, each judged at the step that would cause it. */
  readonly losses: readonly Loss[];
  /** Members that keep a plan only as its successor, by the words of `formatSuccession`. */
  readonly successions: CountsByName;
  /** Why there are too few seats for the step that comes before; `null`: there are enough, or none are needed. */
  readonly shortOfSeats: string | null;
}

/**
 * What a change of a group's licences costs its members. What goes at once is judged by today's sources; what goes
 * later by those that the declaration gives until then, and again by a fresh read right before it goes.
 */
export function judgeTakingOff(input: TakingOffInput): TakingOff {
  const { declared, members, after, catalog, whenGiven } = input;
  const { call = null } = input;
  const later = call?.off ?? goesLater(input.takenOff, declared, members, catalog);
  if (later.length === 0) {
    const losses = unaccepted(lossOfGroupChanges(members, after, catalog), declared, []);
    return { later, losses, successions: successionsOf(members, input), shortOfSeats: null };
  }
  const first = new Map([...after, [declared.groupId, [...(after.get(declared.groupId) ?? []), ...later]]]);
  const users = whenGiven();
  const then = members.flatMap(({ id }) => users.get(id) ?? []);
  const losses = [
    ...unaccepted(lossOfGroupChanges(members, first, catalog), declared, []),
    ...unaccepted(lossOfGroupChanges(then, after, catalog), declared, []),
  ];
  const successions = successionsOf(then, input);
  return {
    later,
    losses: merged(losses),
    successions,
    shortOfSeats: call === null ? shortOfSeats(input, later) : null,
  };
}

function successionsOf(members: readonly LicensedUser[], { declared, after, catalog }: TakingOffInput): CountsByName {
  const all = successionsOfGroupChange(members, declared.groupId, after, catalog);
  return countByName(all.flatMap((pairs) => [...new Set(pairs.map((pair) => formatSuccession(pair, catalog)))]));
}

function merged(losses: readonly Loss[]): readonly Loss[] {
  const byUser = new Map<Guid, Loss>();
  for (const { userId, plans } of losses) {
    const known = byUser.get(userId)?.plans ?? [];
    const isKnown = (plan: (typeof plans)[number]) =>
      known.some(({ skuId, planId }) => skuId === plan.skuId && planId === plan.planId);
    byUser.set(userId, { userId, plans: [...known, ...plans.filter((plan) => !isKnown(plan))] });
  }
  return [...byUser.values()];
}

/** Without a seat for each member, the old licence could never go, and a group gives its members all or nothing. */
function shortOfSeats(
  { declared, members, changes, catalog, seats }: TakingOffInput,
  later: readonly License[],
): string | null {
  const short = declared.licenses.flatMap(({ skuId }): string[] => {
    const isAdded = changes.some(({ kind, license }) => kind === "add" && license.skuId === skuId);
    const reading = isAdded ? seats.find(({ sku }) => sku.id === skuId) : undefined;
    const without = members.filter(({ assignments }) =>
      assignments.some(
        (entry) =>
          entry.skuId === skuId && entry.assignedByGroup === declared.groupId && entry.error === "CountViolation",
      ),
    );
    const missing = reading === undefined ? without.length : reading.short;
    // check: without a seat for each member, a group's licence is not replaced: in the preview
    return missing === 0 ? [] : [formatShort(catalog.skuName(skuId), missing, reading?.left ?? 0)];
  });
  return short.length === 0 ? null : formatShortOfSeats(declared, later, short, catalog);
}

/** `SPE_E5: 2 seats are missing (38 are left)`. */
export function formatShort(sku: string, missing: number, left: number): string {
  return `${sku}: ${counted(missing, "seat is", "seats are")} missing (${thousands(left)} ${left === 1 ? "is" : "are"} left)`;
}

export function formatShortOfSeats(
  { displayName }: Pick<DeclaredGroup, "displayName">,
  later: readonly License[],
  short: readonly string[],
  catalog: Catalog,
): string {
  return (
    `${formatLicenses(later, catalog)} goes off ${displayName} only when every member has what takes its place, and there are ` +
    `too few seats for that. ${short.join("; ")}. Nothing was changed. Buy or free the missing seats, or take users out of the group first.`
  );
}
