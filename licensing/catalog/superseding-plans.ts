/** A service plan that is completely included in other plans. All by name. */
export interface Superseding {
  readonly lesser: string;
  readonly by: readonly string[];
  /** The Microsoft page that says so, with the date of the version read. */
  readonly source: string;
}

const EXCHANGE_ONLINE =
  "2021-05-28 https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-service-description";
const SHAREPOINT =
  "2021-06-30 https://learn.microsoft.com/office365/servicedescriptions/sharepoint-online-service-description/sharepoint-online-service-description";

/**
 * Excludes plans that Microsoft sells side by side in one SKU (Entra ID P1 and P2), because both are enabled there.
 * Excludes plans without a page or a telling name (the free plans of Power Automate).
 */
export const SUPERSEDING: readonly Superseding[] = [
  {
    lesser: "ADALLOM_S_DISCOVERY",
    by: ["ADALLOM_S_STANDALONE"],
    source: "2018-12-10 https://learn.microsoft.com/defender-cloud-apps/editions-cloud-app-security-aad",
  },
  {
    lesser: "ADALLOM_S_O365",
    by: ["ADALLOM_S_STANDALONE"],
    source: "2021-11-09 https://learn.microsoft.com/defender-cloud-apps/editions-cloud-app-security-o365",
  },
  {
    lesser: "BI_AZURE_P0",
    by: ["BI_AZURE_P2", "BI_AZURE_P3"],
    source: "2022-09-01 https://learn.microsoft.com/power-bi/fundamentals/service-features-license-type",
  },
  {
    lesser: "BI_AZURE_P2",
    by: ["BI_AZURE_P3"],
    source: "2022-09-01 https://learn.microsoft.com/power-bi/fundamentals/service-features-license-type",
  },
  {
    lesser: "EXCHANGE_S_ARCHIVE_ADDON",
    by: ["EXCHANGE_S_ENTERPRISE"],
    source:
      "2019-08-07 https://learn.microsoft.com/office365/servicedescriptions/exchange-online-archiving-service-description",
  },
  {
    lesser: "MDE_LITE",
    by: ["WINDEFATP"],
    source: "2021-06-15 https://learn.microsoft.com/defender-endpoint/defender-endpoint-plan-1-2",
  },
  // Each feature that the page's table gives to Kiosk is also in Plan 1 and Plan 2, and each of Plan 1 in Plan 2.
  {
    lesser: "EXCHANGE_S_DESKLESS",
    by: ["EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE"],
    source: EXCHANGE_ONLINE,
  },
  { lesser: "EXCHANGE_S_STANDARD", by: ["EXCHANGE_S_ENTERPRISE"], source: EXCHANGE_ONLINE },
  // The page: all features are in every plan, except a few that frontline plans lack and two that need Plan 2.
  { lesser: "SHAREPOINTDESKLESS", by: ["SHAREPOINTSTANDARD", "SHAREPOINTENTERPRISE"], source: SHAREPOINT },
  { lesser: "SHAREPOINTSTANDARD", by: ["SHAREPOINTENTERPRISE"], source: SHAREPOINT },
];

const BY_LESSER = new Map(SUPERSEDING.map((each) => [each.lesser, each]));

/** The plans that include this plan completely, if known. */
export function superseding(planName: string): Superseding | undefined {
  return BY_LESSER.get(planName);
}
