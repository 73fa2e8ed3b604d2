import type { Sku } from "../model";

/**
 * SKUs that users take for themselves, that Microsoft hands out, or that are tried for a while. A group for them gives the tenant nothing: they
 * cost nothing, and come back by themselves.
 * https://learn.microsoft.com/microsoft-365/commerce/subscriptions/manage-self-service-signup-subscriptions
 * https://learn.microsoft.com/entra/identity/users/directory-self-service-signup
 * https://learn.microsoft.com/microsoftteams/teams-exploratory
 * https://learn.microsoft.com/power-platform/admin/powerapps-in-your-organization
 * As of 2026-11; part numbers by Microsoft's list of products.
 */
const SELF_SERVICE: ReadonlySet<string> = new Set([
  "CCIBOTS_PRIVPREV_VIRAL",
  "DYN365_AI_SERVICE_INSIGHTS",
  "DYN365_ENTERPRISE_P1_IW",
  "DYN365_REGULATORY_SERVICE",
  "FLOW_FREE",
  "FORMS_PRO",
  "MICROSOFT_BUSINESS_CENTER",
  "MS_TEAMS_IW",
  "NONPROFIT_PORTAL",
  "POWERAPPS_DEV",
  "POWERAPPS_INDIVIDUAL_USER",
  "POWERAPPS_PER_APP_IW",
  "POWERAPPS_VIRAL",
  "POWER_BI_INDIVIDUAL_USER",
  "POWER_BI_STANDARD",
  "POWER_BI_STANDARD_FACULTY",
  "POWER_BI_STANDARD_STUDENT",
  "PROJECT_MADEIRA_PREVIEW_IW_SKU",
  "RIGHTSMANAGEMENT_ADHOC",
  "RMSBASIC",
  "SKU_DYNAMICS_365_FOR_HCM_TRIAL",
  "SMB_APPS",
  "SOCIAL_ENGAGEMENT_APP_USER",
  "SPZA_IW",
  "STREAM",
  "TEAMS_COMMERCIAL_TRIAL",
  "TEAMS_EXPLORATORY",
  "TEAMS_FREE",
  "VIVA_GOALS_USER_LED",
  "WINDOWS_STORE",
  "WSFB_EDU_FACULTY",
]);

/** How Microsoft marks such a product in its part number: `…_VIRAL`, `…_vTrial`, `…_TRIAL`, `…_IW` (information worker, who signs up alone). */
const MARKED = /(^|_)(viral|v?trial|iw)(_|$)/i;

export function isSelfService({ partNumber }: Pick<Sku, "partNumber">): boolean {
  return (
    SELF_SERVICE.has(partNumber.toUpperCase()) || (MARKED.test(partNumber) && !/STANDARDWOFFPACK/i.test(partNumber))
  );
}
