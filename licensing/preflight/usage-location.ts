import type { Finding } from "../finding";
import { grouped } from "../grouped";
import { counted } from "../counts";
import type { Catalog } from "../catalog/catalog";
import { oneCallOf } from "../loss/one-call";
import type { Guid } from "../model";
import type { Cohort } from "./cohort";
import type { Cause, Failure } from "./failure";
import type { ObservedConflicts } from "./observed";

/** A note only: for group licences Entra uses the tenant's country if the user has no location. */
export function locationFindings(cohorts: readonly Cohort[], country: string | null): readonly Finding[] {
  const without = cohorts.filter(({ like }) => like.usageLocation === null);
  const taken =
    country === null
      ? "the tenant's country, which may not be read here (it takes the permission Organization.Read.All)"
      : `the tenant's country, ${country}`;
  return [...grouped(without, ({ group }) => group.declared.name)].map(([name, same]) => {
    const userIds = same.flatMap((cohort) => cohort.userIds).sort();
    return {
      code: "usage-location",
      severity: "note",
      about: name,
      count: userIds.length,
      message: `${displayNameOf(same, name)}: ${counted(userIds.length, "member has", "members have")} no usageLocation; for the group's licence Entra would use ${taken}.`,
      remedy: "Set usageLocation where that is not where they are.",
      userIds,
    };
  });
}

/**
 * Whether the users' location allows the licence; `null`: as far as is known. A location that is refused for others now
 * blocks. A doubt is a note: no list of the countries is published, and the gate finds the error that Entra would record:
 * https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems#usage-location-isnt-allowed (2024-05-03)
 */
export function locationOf(
  { location }: Cohort,
  skuId: Guid,
  observed: ObservedConflicts,
  country: string | null,
): Cause | null {
  if (location === null) return null;
  if (observed.prohibited.has(`${skuId} ${location}`)) return { detail: location, isSure: true };
  // check: a country where no two users have the SKU is unknown
  const isKnown = location === country || observed.isUsedAt(skuId, location);
  return isKnown ? null : { detail: location, isSure: false };
}

/** More would make the note unreadable. */
const SHOWN = 3;

/** The doubts about locations: one note for each group, as most of these licences will come through. */
export function unprovenLocationFindings(conflicts: readonly Failure[], catalog: Catalog): readonly Finding[] {
  const unproven = conflicts.filter(({ cause, isSure }) => cause === "location" && !isSure);
  const byGroup = grouped(unproven, ({ cohort }) => cohort.group.declared.name);
  return [...byGroup].map(([name, same]) => {
    const userIds = [...new Set(same.flatMap(({ cohort }) => cohort.userIds))].sort();
    const displayName = displayNameOf(
      same.map(({ cohort }) => cohort),
      name,
    );
    return {
      code: "location-unproven",
      severity: "note",
      about: name,
      count: userIds.length,
      message:
        `${displayName}: for ${counted(userIds.length, "member")} a licence may end in error (ProhibitedInUsageLocationViolation), ` +
        `because no two users in that country have it today: ${formatPlaces(same, catalog)}.`,
      remedy: `Correct usageLocation where it is wrong. ${inError(same)}`,
      userIds,
    };
  });
}

function inError(failures: readonly Failure[]): string {
  const isSwapped = failures.some(({ cohort: { group } }) => oneCallOf(group.declared, group.now.licenses) !== null);
  return isSwapped
    ? "The group swaps in one call: a member in error has neither licence until the read-back."
    : "Members in error keep what they have.";
}

/** `EMS and VISIOCLIENT in KP, EMS in AT and FR`: SKUs with the same countries together. */
function formatPlaces(doubts: readonly Failure[], catalog: Catalog): string {
  const bySku = [...grouped(doubts, ({ skuId }) => catalog.skuName(skuId))].map(([sku, mine]) => ({
    sku,
    countries: [...new Set(mine.map(({ detail }) => detail))].sort(),
  }));
  const alike = [...grouped(bySku, ({ countries }) => countries.join(" ")).values()];
  const shown = alike
    .slice(0, SHOWN)
    .map((same) => `${listed(same.map(({ sku }) => sku).sort())} in ${listed(same[0]?.countries ?? [])}`);
  const more = alike.slice(SHOWN).flat().length;
  return [...shown, ...(more > 0 ? [`and ${counted(more, "more SKU")}`] : [])].join(", ");
}

/** `AT and FR`, `AT, CH, DE and 4 more`. */
function listed(names: readonly string[]): string {
  const more = names.length - SHOWN;
  if (more > 0) return `${names.slice(0, SHOWN).join(", ")} and ${more} more`;
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter((each) => each !== "").join(" and ");
}

/** The display name of the group that these cohorts are members of. */
function displayNameOf([first]: readonly Cohort[], name: string): string {
  return first?.group.declared.displayName ?? name;
}
