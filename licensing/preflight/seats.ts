import { freeSeats } from "../catalog/subscription";
import type { Catalog } from "../catalog/catalog";
import type { Finding } from "../finding";
import type { Guid, Sku } from "../model";
import { counted, thousands } from "../counts";
import type { Cohort } from "./cohort";
import type { Failure } from "./failure";

/** The demand for new seats of a SKU, and the seats left. */
export interface SeatReading {
  readonly sku: Sku;
  /** Members that would get the SKU for the first time. */
  readonly newcomers: readonly Cohort[];
  /** Their ids, without duplicates, sorted. */
  readonly userIds: readonly Guid[];
  readonly left: number;
  /** Number of members without a seat; 0 if there are enough. */
  readonly short: number;
  /** Members with another certain failure in the group. They need a seat once that is mended. */
  readonly waiting: readonly Cohort[];
  /** Number of further members without a seat then, with the seats of today. */
  readonly shortLater: number;
}

/**
 * A member without the SKU takes one seat, however many groups give it. Units in their grace period do not count as
 * free.
 */
export function seatsOf(
  cohorts: readonly Cohort[],
  failing: ReadonlySet<Cohort>,
  { skus }: Catalog,
): readonly SeatReading[] {
  return skus.flatMap((sku): SeatReading[] => {
    const all = cohorts.filter((cohort) => takesSeat(cohort, sku.id));
    if (all.length === 0) return [];
    const newcomers = all.filter((cohort) => !failing.has(cohort));
    const waiting = all.filter((cohort) => failing.has(cohort));
    const userIds = usersOf(newcomers);
    const left = freeSeats(sku, "enabled");
    const short = Math.max(0, userIds.length - left);
    const shortLater = Math.max(0, usersOf(all).length - left) - short;
    return [{ sku, newcomers, userIds, left, short, waiting, shortLater }];
  });
}

function usersOf(cohorts: readonly Cohort[]): readonly Guid[] {
  return [...new Set(cohorts.flatMap((cohort) => cohort.userIds))].sort();
}

/** One finding for each SKU. It names all newcomers, because Entra decides which of them get no seat. */
export function seatFindings(seats: readonly SeatReading[], catalog: Catalog): readonly Finding[] {
  return seats.flatMap((reading) => [
    ...(reading.short > 0 ? [shortOf(reading, catalog)] : []),
    ...(reading.short === 0 && reading.userIds.length > 0 ? [enoughOf(reading, catalog)] : []),
    ...(reading.shortLater > 0 ? [shortLaterOf(reading, catalog)] : []),
  ]);
}

/** Missing seats as failures: any of the newcomers may be affected. */
export function seatFailures(seats: readonly SeatReading[]): readonly Failure[] {
  return seats
    .filter(({ short }) => short > 0)
    .flatMap(({ sku, newcomers }) =>
      newcomers.map((cohort) => ({
        cohort,
        skuId: sku.id,
        cause: "seat" as const,
        detail: "there is no seat",
        isSure: true,
      })),
    );
}

function takesSeat({ group, seats }: Cohort, skuId: Guid): boolean {
  return !seats.has(skuId) && group.changes.some(({ kind, license }) => kind === "add" && license.skuId === skuId);
}

function shortOf({ sku, newcomers, userIds, left, short }: SeatReading, catalog: Catalog): Finding {
  const { enabled, warning } = sku.prepaidUnits;
  const grace = warning > 0 ? ` ${thousands(warning)} more are in their grace period and may or may not serve.` : "";
  return {
    code: "seats",
    severity: "warning",
    about: aboutSku(catalog.skuName(sku.id), newcomers),
    count: short,
    message:
      `${catalog.skuName(sku.id)}: ${counted(userIds.length, "member")} would get it anew, and ${thousands(left)} of ` +
      `${counted(enabled, "seat")} are left (${thousands(sku.consumedUnits)} are in use): ${thousands(short)} of them ` +
      `would get none (CountViolation).${grace}`,
    remedy: `Buy ${counted(short, "seat")} or free as many, or take users out of the group. No user loses a licence by this.`,
    userIds,
  };
}

/** Seats that would be missing after the conflicts are mended. */
function shortLaterOf({ sku, newcomers, waiting, left, short, shortLater }: SeatReading, catalog: Catalog): Finding {
  const userIds = usersOf(waiting);
  const name = catalog.skuName(sku.id);
  return {
    code: "seats-later",
    severity: "note",
    about: aboutSku(name, [...newcomers, ...waiting]),
    count: shortLater,
    message:
      `${name}: ${counted(userIds.length, "member")} in error for another reason would need a seat once that is mended, ` +
      `and ${counted(left, "seat")} of it ${left === 1 ? "is" : "are"} left: ${thousands(shortLater)} ${short > 0 ? "more " : ""}would get none.`,
    remedy: `Get ${counted(short + shortLater, "more seat")} before you mend it. Their error may say CountViolation from the start.`,
    userIds,
  };
}

function enoughOf({ sku, newcomers, userIds, left }: SeatReading, catalog: Catalog): Finding {
  return {
    code: "new-seats",
    severity: "note",
    about: aboutSku(catalog.skuName(sku.id), newcomers),
    count: userIds.length,
    message:
      `${catalog.skuName(sku.id)}: ${counted(userIds.length, "member")} without it today would get it anew, and take ` +
      `${thousands(userIds.length)} of the ${counted(left, "seat")} that are left.`,
    remedy: "Take them out of the group if they are not meant to have it.",
    userIds,
  };
}

/** Seats belong to the tenant: if several groups give the SKU, the finding is about the SKU alone. */
function aboutSku(sku: string, cohorts: readonly Cohort[]): string {
  const names = new Set(cohorts.map(({ group }) => group.declared.name));
  return names.size === 1 ? `${[...names].join("")} ${sku}` : sku;
}
