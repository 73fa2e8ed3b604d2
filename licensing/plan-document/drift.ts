import type { Catalog } from "../catalog/catalog";
import { departureWarning } from "../drift/departure-words";
import { formatLostRecord } from "../drift/lost-record";
import type { MigrationPlan } from "../plan/plan";
import { replacesLine } from "../preflight/covered-licenses";
import { formatLicenses } from "../license-patterns";
import type { PlanDocument } from "./schema";

/** Changes that others made in the tenant since the last run. */
export function documentedDrift(
  { drift, addedPlans, undeclared }: MigrationPlan,
  catalog: Catalog,
): Pick<PlanDocument, "drift" | "addedPlans" | "undeclared"> {
  return {
    drift: {
      returned: drift.returned.map(({ userId, skuId, at, actor, doubt }) => ({
        userId,
        sku: catalog.skuName(skuId),
        at,
        actor,
        doubt,
      })),
      auditGap: drift.auditGap,
    },
    addedPlans: addedPlans.map(({ group, skuId, planId, members }) => ({
      group,
      sku: catalog.skuName(skuId),
      plan: catalog.planName(planId),
      members,
    })),
    undeclared: undeclared.map(({ group, license, members }) => ({
      group,
      licence: formatLicenses([license], catalog),
      members,
    })),
  };
}

/** Direct licences that the groups give already, with the line that takes them up. */
export function documentedCovered({ covered }: MigrationPlan, catalog: Catalog): PlanDocument["covered"] {
  return covered.map((each) => ({
    sku: catalog.skuName(each.skuId),
    by: each.by.map((skuId) => catalog.skuName(skuId)),
    group: each.group.name,
    users: each.userIds.length,
    seats: each.seats,
    write: replacesLine(each, catalog),
    userIds: [...each.userIds],
  }));
}

/** Gaps in the reading of the tenant, too many departures, and a possibly lost record. */
export function documentedWarnings(warnings: readonly string[], plan: MigrationPlan): string[] {
  const { inheritingWithoutRecord } = plan;
  const departures = departureWarning(plan);
  const left = departures === null ? [] : [departures];
  const lost = inheritingWithoutRecord > 0 ? [formatLostRecord(inheritingWithoutRecord)] : [];
  return [...warnings, ...left, ...lost];
}
