/**
 * Facts between service plans, by name. Microsoft keeps them by hand and says so, and they contradict each other in places: what a
 * tenant shows counts more (`tenant-relations.ts`).
 */

/** Plans of one service of which a user can have one at a time, by Microsoft's list. */
export interface ExclusiveSet {
  readonly service: string;
  readonly plans: readonly string[];
}

/**
 * Microsoft's list, as of 2025-10-29:
 * https://learn.microsoft.com/entra/identity/users/licensing-service-plan-reference#service-plans-that-cannot-be-assigned-at-the-same-time
 * Left out are Exchange (see `FORMERLY_EXCLUSIVE`) and Entra ID, whose plans can all be held together by the same page.
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
 * Excluded each other until January 2023, and still do in the list above. Entra accepts them together since:
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
  /** Entra is known to refuse the plan without it; else only the product terms ask for it. */
  readonly isEnforced: boolean;
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
const OFFICE = ["OFFICESUBSCRIPTION", "OFFICE_BUSINESS", "OFFICEMOBILE_SUBSCRIPTION"];

function enforced(needsOneOf: readonly string[], ...plans: readonly string[]): readonly Prerequisite[] {
  return plans.map((plan) => ({ plan, needsOneOf, isEnforced: true }));
}

function byTerms(needsOneOf: readonly string[], ...plans: readonly string[]): readonly Prerequisite[] {
  return plans.map((plan) => ({ plan, needsOneOf, isEnforced: false }));
}

/** Add-ons and what they need, as of 2026-11. Entra wants both in the same group. */
export const PREREQUISITES: readonly Prerequisite[] = [
  // https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems#manage-licenses-for-products-with-prerequisites
  ...enforced(["EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE"], "WORKPLACE_ANALYTICS"),
  // https://learn.microsoft.com/microsoftteams/teams-add-on-licensing/microsoft-teams-add-on-licensing
  ...enforced(CALLS, "MCOMEETADV", "MCOEV"),
  ...enforced(["MCOEV"], "MCOPSTN1", "MCOPSTN2", "MCOPSTN5"),
  // https://learn.microsoft.com/microsoftteams/teams-add-on-licensing/licensing-enhance-teams
  ...enforced(TEAMS, "TEAMSPRO_MGMT", "TEAMSPRO_CUST", "TEAMSPRO_PROTECTION", "TEAMSPRO_VIRTUALAPPT"),
  ...enforced(TEAMS, "TEAMSPRO_WEBINAR", "TEAMS_ADVCOMMS"),
  // https://learn.microsoft.com/office365/servicedescriptions/exchange-online-archiving-service-description
  ...enforced(EXCHANGE, "EXCHANGE_S_ARCHIVE_ADDON"),
  // https://learn.microsoft.com/copilot/microsoft-365/microsoft-365-copilot-licensing
  ...byTerms([...EXCHANGE, ...TEAMS, ...SHAREPOINT, ...OFFICE], "M365_COPILOT_APPS", "M365_COPILOT_BUSINESS_CHAT"),
  ...byTerms([...TEAMS, "MCOSTANDARD"], "M365_COPILOT_TEAMS"),
  ...byTerms(SHAREPOINT, "M365_COPILOT_SHAREPOINT"),
  // https://learn.microsoft.com/office365/servicedescriptions/office-online-service-description
  ...byTerms(SHAREPOINT, "SHAREPOINTWAC"),
  // https://learn.microsoft.com/office365/servicedescriptions/project-online-service-description
  ...byTerms(SHAREPOINT, "SHAREPOINT_PROJECT", "PROJECT_ESSENTIALS"),
  // https://learn.microsoft.com/office365/servicedescriptions/visio-online-service-description
  ...byTerms([...SHAREPOINT, "ONEDRIVE_BASIC"], "VISIOONLINE"),
  // https://learn.microsoft.com/microsoft-365/documentprocessing/syntex-licensing
  ...byTerms(SHAREPOINT, "Intelligent_Content_Services", "Intelligent_Content_Services_SPO_type"),
  // https://learn.microsoft.com/mem/intune/fundamentals/intune-add-ons
  ...byTerms(["INTUNE_A"], "INTUNE_P2", "REMOTE_HELP", "Intune-EPM", "Intune_AdvancedEA", "Intune-MAMTunnel"),
  // https://learn.microsoft.com/defender-vulnerability-management/defender-vulnerability-management-capabilities
  ...byTerms(["WINDEFATP"], "TVM_PREMIUM_1"),
  // https://learn.microsoft.com/office365/servicedescriptions/office-365-advanced-threat-protection-service-description
  ...byTerms(EXCHANGE, "ATP_ENTERPRISE", "THREAT_INTELLIGENCE"),
  // https://learn.microsoft.com/purview/audit-log-retention-policies
  ...byTerms(["M365_ADVANCED_AUDITING"], "Auditing_10Year_ Retention_ Add_On"),
  // https://learn.microsoft.com/viva/learning/
  ...byTerms(TEAMS, "VIVA_LEARNING_PREMIUM"),
];
