import type { Catalog } from "../catalog/catalog";
import { missing, unionOfPlans } from "../effective-plans";
import type { Guid, License } from "../model";
import { EXCLUSIVE, FORMERLY_EXCLUSIVE } from "../preflight/plan-relations";

/** Variants that differ in more plans are assumed to be intended. */
export const MOST_GAINED = 2;

/**
 * Plans of apps that have no effect until a user opens them. All other plans are never enabled by a proposal:
 * mailboxes, Teams, telephony, devices, security, storage, unknown plans.
 */
const ONLY_AN_APP = new RegExp(
  `^(${[
    "SWAY",
    "YAMMER_",
    "VIVAENGAGE_",
    "FORMS_PLAN_",
    "STREAM_O365_",
    "(?:DESKLESS|Deskless)$",
    "PROJECTWORKMANAGEMENT",
    "PROJECT_O365_",
    "BPOS_S_TODO_",
    "WHITEBOARD_PLAN",
    "KAIZALA_",
    "MYANALYTICS_",
    "MICROSOFTBOOKINGS",
    "VIVA_LEARNING_SEEDED",
    "POWERAPPS_O365_",
    "FLOW_O365_",
    "POWER_VIRTUAL_AGENTS_O365_",
    "DYN365_CDS_O365_",
    "CDS_O365_",
  ].join("|")})`,
);

/** Plans that `given` enables and `own` does not, both of the same SKUs. */
export function gained(given: readonly License[], own: readonly License[], catalog: Catalog): readonly Guid[] {
  return missing(unionOfPlans(given, catalog), unionOfPlans(own, catalog));
}

/** True for at most two plans, all of them apps: too little for a group of its own. */
export function isSmall(plans: readonly Guid[], catalog: Catalog): boolean {
  return plans.length <= MOST_GAINED && plans.every((id) => isOnlyAnApp(catalog.planName(id)));
}

export function isOnlyAnApp(planName: string): boolean {
  return ONLY_AN_APP.test(planName);
}

/** An enabled plan of the user that, by Microsoft's list, excludes one of `plans`; `null`: none. */
export function excludedBy(plans: readonly Guid[], own: readonly License[], catalog: Catalog): Guid | null {
  const on = [...unionOfPlans(own, catalog)];
  for (const plan of plans) {
    const name = catalog.planName(plan);
    const set = [...EXCLUSIVE, FORMERLY_EXCLUSIVE].find(({ plans: all }) => all.includes(name));
    const other = on.find((id) => id !== plan && set?.plans.includes(catalog.planName(id)) === true);
    if (other !== undefined) return other;
  }
  return null;
}
