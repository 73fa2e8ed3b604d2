import { LIMITS, QUOTAS, type Cost, type Limit, type Quota } from "../../graph/pacing/quotas";

/**
 * The least time that a step takes in the real tenant: its counted requests at this program's pace. Measured time would only
 * show how fast this machine is. Entra's own processing of the groups comes on top.
 *
 * @param users the tenant's known number of users
 * @param pace the share of Graph's quotas that is used
 */
export function atRealQuotaMs(cost: Cost, users: number, pace: number): number {
  const times = LIMITS.map((limit) => {
    const { amount, windowMs } = quotaOf(limit, users);
    return (cost[limit] / (amount * pace)) * windowMs;
  });
  return Math.round(Math.max(...times));
}

function quotaOf(limit: Limit, users: number): Quota {
  if (limit !== "units") return QUOTAS[limit];
  return QUOTAS.units.find(({ fromUsers }) => users >= fromUsers) ?? { amount: Infinity, windowMs: 0 };
}
