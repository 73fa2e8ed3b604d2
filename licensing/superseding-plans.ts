/** A plan that gives all that another one gives, and more: whoever has it loses nothing with the lesser one. By name. */
export interface Superseding {
  readonly lesser: string;
  readonly by: readonly string[];
}

/**
 * Facts from Microsoft's documents, as of 2026-11, and only those that say so of the whole plan. Plans that Microsoft sells beside each other
 * in the same SKU are not here: there both are on.
 */
export const SUPERSEDING: readonly Superseding[] = [
  // https://learn.microsoft.com/defender-cloud-apps/editions-cloud-app-security-aad
  { lesser: "ADALLOM_S_DISCOVERY", by: ["ADALLOM_S_STANDALONE", "ADALLOM_S_STANDALONE_DOD"] },
  // https://learn.microsoft.com/defender-cloud-apps/editions-cloud-app-security-o365
  { lesser: "ADALLOM_S_O365", by: ["ADALLOM_S_STANDALONE"] },
  // https://learn.microsoft.com/fabric/fundamentals/feature-availability-by-license
  { lesser: "BI_AZURE_P0", by: ["BI_AZURE_P1", "BI_AZURE_P2", "BI_AZURE_P3"] },
  { lesser: "BI_AZURE_P2", by: ["BI_AZURE_P3"] },
  // https://learn.microsoft.com/entra/fundamentals/licensing
  { lesser: "AAD_BASIC", by: ["AAD_PREMIUM", "AAD_PREMIUM_P2"] },
  { lesser: "AAD_PREMIUM", by: ["AAD_PREMIUM_P2"] },
  // https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-service-description
  { lesser: "EXCHANGE_S_DESKLESS", by: ["EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE"] },
  { lesser: "EXCHANGE_S_STANDARD", by: ["EXCHANGE_S_ENTERPRISE"] },
  // https://learn.microsoft.com/office365/servicedescriptions/exchange-online-archiving-service-description
  { lesser: "EXCHANGE_S_ARCHIVE_ADDON", by: ["EXCHANGE_S_ENTERPRISE"] },
  // https://learn.microsoft.com/office365/servicedescriptions/sharepoint-online-service-description/sharepoint-online-service-description
  { lesser: "SHAREPOINTDESKLESS", by: ["SHAREPOINTSTANDARD", "SHAREPOINTENTERPRISE"] },
  { lesser: "SHAREPOINTSTANDARD", by: ["SHAREPOINTENTERPRISE"] },
  // https://learn.microsoft.com/office365/servicedescriptions/skype-for-business-online-service-description
  { lesser: "MCOIMP", by: ["MCOSTANDARD"] },
  // https://learn.microsoft.com/purview/information-protection (service description: Azure Information Protection P1 and P2)
  { lesser: "RMS_S_PREMIUM", by: ["RMS_S_PREMIUM2"] },
  // https://learn.microsoft.com/defender-endpoint/defender-endpoint-plan-1-2
  { lesser: "MDE_LITE", by: ["WINDEFATP"] },
  // https://learn.microsoft.com/windows/deployment/windows-subscription-activation
  { lesser: "WIN10_PRO_ENT_SUB", by: ["WIN10_VDA_E5"] },
  // https://learn.microsoft.com/power-platform/admin/power-automate-licensing/types
  { lesser: "FLOW_P2_VIRAL", by: ["FLOW_O365_P1", "FLOW_O365_P2", "FLOW_O365_P3", "FLOW_PER_USER"] },
];

const BY_LESSER = new Map(SUPERSEDING.map(({ lesser, by }) => [lesser, by]));

/** The plans that give all that this one gives. */
export function superseding(planName: string): readonly string[] {
  return BY_LESSER.get(planName) ?? [];
}
