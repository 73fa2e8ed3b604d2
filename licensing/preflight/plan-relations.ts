/**
 * Rules between service plans, by plan name. Microsoft maintains its lists by hand and they contradict each other
 * in places, so observations in the tenant take precedence (`tenant-relations.ts`).
 */

/** Plans of one service that a user cannot have at the same time, by Microsoft's list. */
export interface ExclusiveSet {
  readonly service: string;
  readonly plans: readonly string[];
}

/**
 * As of 2025-10-29. Without Exchange (see `FORMERLY_EXCLUSIVE`) and Entra ID, where the same page allows all plans
 * together:
 * https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference#service-plans-that-cannot-be-assigned-at-the-same-time
 */
export const EXCLUSIVE: readonly ExclusiveSet[] = [
  {
    service: "Dynamics CRM",
    plans: [
      "CRMPLAN1",
      "CRMPLAN2",
      "CRMSTANDARD",
      "DYN365_ENTERPRISE_P1_IW",
      "DYN365_ENTERPRISE_SALES",
      "DYN365_ENTERPRISE_TEAM_MEMBERS",
      "EMPLOYEE_SELF_SERVICE",
    ],
  },
  { service: "Rights management", plans: ["RMS_S_ENTERPRISE", "RMS_S_ENTERPRISE_GOV"] },
  { service: "Intune", plans: ["INTUNE_A", "INTUNE_A_VL", "INTUNE_B"] },
  {
    service: "SharePoint",
    plans: [
      "ONEDRIVEENTERPRISE",
      "SHAREPOINT_S_DEVELOPER",
      "SHAREPOINTDESKLESS",
      "SHAREPOINTENTERPRISE",
      "SHAREPOINTENTERPRISE_EDU",
      "SHAREPOINTENTERPRISE_MIDMARKET",
      "SHAREPOINTLITE",
      "SHAREPOINTSTANDARD",
      "SHAREPOINTSTANDARD_EDU",
      "SHAREPOINTSTANDARD_YAMMERSHADOW",
    ],
  },
  { service: "Skype for Business", plans: ["MCOIMP", "MCOSTANDARD_MIDMARKET", "MCOSTANDARD", "MCOLITE"] },
  { service: "Calling plans", plans: ["MCOPSTN1", "MCOPSTN2", "MCOPSTN5"] },
  { service: "Yammer", plans: ["YAMMER_ENTERPRISE", "YAMMER_EDU", "YAMMER_MIDSIZE"] },
];

/**
 * Still in the list above, but Entra has accepted them together since January 2023:
 * https://techcommunity.microsoft.com/t5/exchange-team-blog/introducing-support-for-concurrent-exchange-online-license/ba-p/3721098
 * https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems#conflicting-service-plans
 */
export const FORMERLY_EXCLUSIVE: ExclusiveSet = {
  service: "Exchange",
  plans: [
    "EXCHANGE_B_STANDARD",
    "EXCHANGE_L_STANDARD",
    "EXCHANGE_S_ARCHIVE",
    "EXCHANGE_S_DESKLESS",
    "EXCHANGE_S_ENTERPRISE",
    "EXCHANGE_S_ESSENTIALS",
    "EXCHANGE_S_STANDARD",
    "EXCHANGE_S_STANDARD_MIDMARKET",
  ],
};

export interface Prerequisite {
  readonly plan: string;
  readonly needsOneOf: readonly string[];
  /**
   * `enforced`: Entra refuses the plan without it; `documented`: Microsoft's pages require it; `unproven`: no page
   * found.
   */
  readonly basis: "enforced" | "documented" | "unproven";
}

const EXCHANGE = ["EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE", "EXCHANGE_S_DESKLESS", "EXCHANGE_S_ESSENTIALS"];
const TEAMS = ["TEAMS1", "TEAMS_GOV", "TEAMS_EEA", "TEAMS_AR_GCCHIGH", "TEAMS_AR_DOD"];
const CALLS = ["MCOSTANDARD", ...TEAMS];
const SHAREPOINT = [
  "SHAREPOINTENTERPRISE",
  "SHAREPOINTSTANDARD",
  "SHAREPOINTDESKLESS",
  "SHAREPOINTENTERPRISE_EDU",
  "SHAREPOINTSTANDARD_EDU",
  "SHAREPOINTENTERPRISE_GOV",
  "SHAREPOINTENTERPRISE_MIDMARKET",
  "SHAREPOINTLITE",
];
const ONEDRIVE = ["ONEDRIVESTANDARD", "ONEDRIVEENTERPRISE"];
const OFFICE = ["OFFICESUBSCRIPTION", "OFFICE_BUSINESS", "OFFICEMOBILE_SUBSCRIPTION"];
const PROJECT_AND_VISIO = ["PROJECT_P1", "PROJECT_PROFESSIONAL", "PROJECT_ESSENTIALS", "VISIOONLINE"];
const INTUNE = ["INTUNE_A", "INTUNE_A_VL", "INTUNE_SMBIZ", "INTUNE_EDU"];
const COPILOT = [
  "M365_COPILOT_APPS",
  "M365_COPILOT_BUSINESS_CHAT",
  "M365_COPILOT_TEAMS",
  "M365_COPILOT_SHAREPOINT",
  "M365_COPILOT_CONNECTORS",
  "M365_COPILOT_INTELLIGENT_SEARCH",
];

function enforced(needsOneOf: readonly string[], ...plans: readonly string[]): readonly Prerequisite[] {
  return plans.map((plan) => ({ plan, needsOneOf, basis: "enforced" }));
}

function documented(needsOneOf: readonly string[], ...plans: readonly string[]): readonly Prerequisite[] {
  return plans.map((plan) => ({ plan, needsOneOf, basis: "documented" }));
}

function unproven(needsOneOf: readonly string[], ...plans: readonly string[]): readonly Prerequisite[] {
  return plans.map((plan) => ({ plan, needsOneOf, basis: "unproven" }));
}

/** Add-ons and their prerequisites, each with its source and date. Entra requires both in the same group. */
export const PREREQUISITES: readonly Prerequisite[] = [
  // 2023-11-16 https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems#manage-licenses-for-products-with-prerequisites
  ...enforced(["EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE"], "WORKPLACE_ANALYTICS"),
  // The same page, "When a licensed group is deleted": audio conferencing depends on Skype for Business.
  ...enforced(CALLS, "MCOMEETADV"),
  // 2019-02-14 https://learn.microsoft.com/microsoftteams/teams-add-on-licensing/microsoft-teams-add-on-licensing
  ...enforced(CALLS, "MCOEV"),
  // Without a date, read in 2026-11: https://learn.microsoft.com/microsoftteams/calling-plans-for-office-365
  ...enforced(["MCOEV"], "MCOPSTN1", "MCOPSTN2", "MCOPSTN5"),
  ...documented(["MCOEV"], "MCOPSTN6", "MCOPSTN8", "PSTN5_US"),
  // 2022-12 (preview) https://learn.microsoft.com/microsoftteams/teams-add-on-licensing/licensing-enhance-teams
  ...enforced(TEAMS, "TEAMSPRO_MGMT", "TEAMSPRO_CUST", "TEAMSPRO_PROTECTION", "TEAMSPRO_VIRTUALAPPT"),
  ...enforced(TEAMS, "TEAMSPRO_WEBINAR", "TEAMS_ADVCOMMS"),
  // 2019-08-07 https://learn.microsoft.com/office365/servicedescriptions/exchange-online-archiving-service-description
  ...enforced(EXCHANGE, "EXCHANGE_S_ARCHIVE_ADDON"),
  // 2025-01-30 https://learn.microsoft.com/copilot/microsoft-365/microsoft-365-copilot-licensing
  ...documented([...EXCHANGE, ...TEAMS, ...SHAREPOINT, ...ONEDRIVE, ...OFFICE, ...PROJECT_AND_VISIO], ...COPILOT),
  // 2020-05-01 https://learn.microsoft.com/office365/servicedescriptions/project-online-service-description: its data is in SharePoint.
  ...documented(SHAREPOINT, "SHAREPOINT_PROJECT", "SHAREPOINT_PROJECT_EDU", "PROJECT_ESSENTIALS"),
  // 2019-10-25 https://learn.microsoft.com/office365/servicedescriptions/visio-online-service-description: its files are in one of these.
  ...documented([...SHAREPOINT, ...ONEDRIVE, "ONEDRIVE_BASIC", "ONEDRIVE_BASIC_P2"], "VISIOONLINE"),
  // 2024-02-01 https://learn.microsoft.com/mem/intune/fundamentals/intune-add-ons
  ...documented(INTUNE, "INTUNE_P2", "REMOTE_HELP", "Intune-EPM", "Intune_AdvancedEA", "Intune-MAMTunnel"),
  ...unproven(SHAREPOINT, "Intelligent_Content_Services", "Intelligent_Content_Services_SPO_type"),
  ...unproven(["WINDEFATP"], "TVM_PREMIUM_1"),
  ...unproven(EXCHANGE, "ATP_ENTERPRISE", "THREAT_INTELLIGENCE"),
  ...unproven(["M365_ADVANCED_AUDITING"], "Auditing_10Year_ Retention_ Add_On"),
  ...unproven(TEAMS, "VIVA_LEARNING_PREMIUM"),
];
