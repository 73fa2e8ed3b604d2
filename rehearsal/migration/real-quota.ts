import { LIMITS, QUOTAS, type Cost, type Limit, type Quota } from "../../graph/pacing/quotas";

/**
 * How long a step takes in the real tenant at the least: what it asked, at the pace at which this program asks. Counted, not measured: how
 * fast this machine is says nothing of Graph. What Entra takes to process the groups comes on top.
 *
 * @param users of the tenant, as far as they are known
 * @param pace the share of the quotas that is used
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
