/**
 * What is known between service plans, by name. Microsoft publishes no list, so this one holds only what its documents say; what a
 * tenant shows by itself is learnt beside it (`observed.ts`).
 */

export interface Exclusive {
  readonly plan: string;
  readonly others: readonly string[];
}

const EXCHANGE = ["EXCHANGE_S_DESKLESS", "EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE"] as const;

/**
 * Plans of packs that are no longer sold: they were left out when Exchange plans learnt to stand beside each other.
 * https://techcommunity.microsoft.com/t5/exchange-team-blog/introducing-support-for-concurrent-exchange-online-license/ba-p/3721098
 */
export const EXCLUSIVE: readonly Exclusive[] = [
  { plan: "EXCHANGE_L_STANDARD", others: [...EXCHANGE, "EXCHANGE_S_STANDARD_MIDMARKET"] },
  { plan: "EXCHANGE_S_STANDARD_MIDMARKET", others: EXCHANGE },
];

/**
 * Excluded each other until January 2023. Entra accepts them together since, though conflicts of old are only gone after a reprocess.
 * https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems#conflicting-service-plans
 */
export const FORMERLY_EXCLUSIVE: readonly Exclusive[] = [
  { plan: "EXCHANGE_S_ENTERPRISE", others: ["EXCHANGE_S_STANDARD", "EXCHANGE_S_DESKLESS"] },
  { plan: "EXCHANGE_S_STANDARD", others: ["EXCHANGE_S_DESKLESS"] },
];

export interface Prerequisite {
  readonly plan: string;
  readonly needsOneOf: readonly string[];
}

/**
 * Add-ons and what they need. Entra wants both in the same group.
 * https://learn.microsoft.com/entra/identity/users/licensing-groups-resolve-problems#manage-licenses-for-products-with-prerequisites
 * https://learn.microsoft.com/microsoftteams/teams-add-on-licensing/microsoft-teams-add-on-licensing
 */
export const PREREQUISITES: readonly Prerequisite[] = [
  { plan: "WORKPLACE_ANALYTICS", needsOneOf: ["EXCHANGE_S_STANDARD", "EXCHANGE_S_ENTERPRISE"] },
  { plan: "MCOMEETADV", needsOneOf: ["MCOSTANDARD", "TEAMS1"] },
  { plan: "MCOEV", needsOneOf: ["MCOSTANDARD", "TEAMS1"] },
  { plan: "MCOPSTN1", needsOneOf: ["MCOEV"] },
  { plan: "MCOPSTN2", needsOneOf: ["MCOEV"] },
];
