import type { Sku } from "../model";
import { productNames } from "../catalog/product-names";

/**
 * Free SKUs that users sign up for, that Microsoft hands out, or trials. They return by themselves, so a group has
 * no use. Office 365 A1 is on the first page but excluded below, because schools license users with it.
 */
const SELF_SERVICE: ReadonlySet<string> = new Set([
  // Undated, read in 2026-11: https://learn.microsoft.com/microsoft-365/admin/misc/self-service-sign-up
  "CCIBOTS_PRIVPREV_VIRAL",
  "FLOW_FREE",
  "MICROSOFT_BUSINESS_CENTER",
  "POWERAPPS_INDIVIDUAL_USER",
  "POWERAPPS_VIRAL",
  "POWER_BI_INDIVIDUAL_USER",
  "POWER_BI_STANDARD",
  "POWER_BI_STANDARD_FACULTY",
  "POWER_BI_STANDARD_STUDENT",
  "PROJECT_MADEIRA_PREVIEW_IW_SKU",
  "RIGHTSMANAGEMENT_ADHOC",
  "SPZA_IW",
  "STREAM",
  // Undated, read in 2026-11: https://learn.microsoft.com/microsoftteams/teams-exploratory
  "MICROSOFT_TEAMS_EXPLORATORY_DEPT",
  "MS_TEAMS_IW",
  "TEAMS_COMMERCIAL_TRIAL",
  "TEAMS_EXPLORATORY",
  // Unproven: no page found.
  "NONPROFIT_PORTAL",
  "POWERAPPS_DEV",
  "POWERAPPS_PER_APP_IW",
  "RMSBASIC",
  "SOCIAL_ENGAGEMENT_APP_USER",
  "VIVA_GOALS_USER_LED",
  "WINDOWS_STORE",
  "WSFB_EDU_FACULTY",
]);

/**
 * Microsoft's marks in part numbers: `…_VIRAL`, `…_vTrial`, `…_TRIAL`, `…_IW` (information worker, self-service
 * sign-up).
 */
const MARKED = /(^|_)(viral|v?trial|iw)(_|$)/i;
/** The marks in product names: `Dynamics 365 Customer Voice Trial`, `Business Apps (free)`. */
const NAMED = /\b(viral|v?trial|free)\b/i;

export function isSelfService(sku: Pick<Sku, "id" | "partNumber">): boolean {
  if (/^STANDARDWOFFPACK/i.test(sku.partNumber)) return false;
  return (
    SELF_SERVICE.has(sku.partNumber.toUpperCase()) ||
    MARKED.test(sku.partNumber) ||
    productNames(sku).some((name) => NAMED.test(name))
  );
}
