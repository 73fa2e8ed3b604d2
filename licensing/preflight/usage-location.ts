import type { Finding } from "../finding";
import { grouped } from "../grouped";
import { counted } from "../counts";
import type { Catalog } from "../catalog/catalog";
import type { Cohort } from "./cohort";
import type { Failure } from "./failure";

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

const SHOWN_SKUS = 3;

/**
 * Where a product is not sold is in no list and behind no request: known from the tenant's country, and from those who use it there. One
 * note for each group, as most of these licences will come through.
 */
export function unprovenLocationFindings(conflicts: readonly Failure[], catalog: Catalog): readonly Finding[] {
  const unproven = conflicts.filter(({ cause, isSure }) => cause === "location" && !isSure);
  const byGroup = grouped(unproven, ({ cohort }) => cohort.group.declared.name);
  return [...byGroup].map(([name, same]) => {
    const userIds = [...new Set(same.flatMap(({ cohort }) => cohort.userIds))].sort();
    const bySku = [...grouped(same, ({ skuId }) => catalog.skuName(skuId))];
    const skus = bySku
      .slice(0, SHOWN_SKUS)
      .map(([sku, mine]) => `${sku} in ${[...new Set(mine.map(({ detail }) => detail))].sort().join(", ")}`);
    const displayName = displayNameOf(
      same.map(({ cohort }) => cohort),
      name,
    );
    const more = bySku.length > SHOWN_SKUS ? ` and ${counted(bySku.length - SHOWN_SKUS, "more SKU")}` : "";
    return {
      code: "location-unproven",
      severity: "note",
      about: name,
      count: userIds.length,
      message:
        `${displayName}: whether Entra gives ${skus.join("; ")}${more} is known when the group does: no two users there have it yet. ` +
        `For ${counted(userIds.length, "member")} it may end in error (ProhibitedInUsageLocationViolation).`,
      remedy: "Correct usageLocation where it is wrong. Members in error keep what they have.",
      userIds,
    };
  });
}

/** The display name of the group that these cohorts are members of. */
function displayNameOf([first]: readonly Cohort[], name: string): string {
  return first?.group.declared.displayName ?? name;
}
