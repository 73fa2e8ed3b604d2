import type { Catalog } from "../catalog/catalog";
import type { Finding } from "../finding";
import { missing } from "../effective-plans";
import { isDirect, type Guid } from "../model";
import type { TenantSnapshot } from "../snapshot";
import { counted } from "../counts";
import type { Cohort } from "./cohort";

const SHOWN_PLANS = 5;

/** Finds plans that members would gain, and plans of direct licences that the groups would not cover. */
export function planChangeFindings(
  cohorts: readonly Cohort[],
  failing: ReadonlySet<Cohort>,
  { catalog }: TenantSnapshot,
): readonly Finding[] {
  const gains = new Map<string, Change>();
  const uncovered = new Map<string, Change>();
  for (const cohort of cohorts) {
    for (const { license } of cohort.group.changes) {
      const direct = cohort.like.assignments.filter((entry) => entry.skuId === license.skuId && isDirect(entry));
      const given = catalog.enabledPlans(license);
      // A member with a failing licence gains nothing by it.
      if (cohort.seats.has(license.skuId) && !failing.has(cohort))
        add(gains, cohort, license.skuId, missing(given, cohort.plansNow));
      const used = new Set(direct.flatMap((entry) => [...catalog.enabledPlans(entry)]));
      add(uncovered, cohort, license.skuId, catalog.uncovered(used, cohort.plansGiven));
    }
  }
  return [...[...uncovered.values()].map(uncoveredFinding), ...[...gains.values()].map(gainFinding)];

  function uncoveredFinding({ cohort, skuId, planIds, userIds }: Change): Finding {
    const { name, displayName } = cohort.group.declared;
    const sku = catalog.skuName(skuId);
    return {
      code: "plans-not-covered",
      severity: "warning",
      about: `${name} ${sku}`,
      count: userIds.length,
      message:
        `${displayName}: ${counted(userIds.length, "member uses", "members use")} ${planList(planIds, catalog)} of their direct ${sku}, which ` +
        "the group would not give. They would be blocked and keep the direct licence; the others go on.",
      remedy: "Enable these plans in the group's licence, or disable them in the direct ones where they are not used.",
      userIds: userIds.sort(),
    };
  }

  function gainFinding({ cohort, skuId, planIds, userIds }: Change): Finding {
    const { name, displayName } = cohort.group.declared;
    const sku = catalog.skuName(skuId);
    return {
      code: "plans-gained",
      severity: "note",
      about: `${name} ${sku}`,
      count: userIds.length,
      message: `${displayName}: ${counted(userIds.length, "member")} would gain ${planList(planIds, catalog)} by ${sku}.`,
      remedy: "Add them to disabledPlans of the group's licence if they are not meant to have them.",
      userIds: userIds.sort(),
    };
  }
}

interface Change {
  readonly cohort: Cohort;
  readonly skuId: Guid;
  readonly planIds: readonly Guid[];
  readonly userIds: Guid[];
}

function add(changes: Map<string, Change>, cohort: Cohort, skuId: Guid, planIds: readonly Guid[]): void {
  if (planIds.length === 0) return;
  const key = [cohort.group.declared.name, skuId, ...planIds].join(" ");
  const same = changes.get(key) ?? { cohort, skuId, planIds, userIds: [] };
  changes.set(key, same);
  same.userIds.push(...cohort.userIds);
}

function planList(planIds: readonly Guid[], catalog: Catalog): string {
  const names = planIds.map((id) => catalog.planName(id)).sort();
  const more = names.length > SHOWN_PLANS ? ` and ${names.length - SHOWN_PLANS} more plans` : "";
  return `${names.slice(0, SHOWN_PLANS).join(", ")}${more}`;
}
