/**
 * The quotas of one app in one tenant.
 * https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
 */

/** Writes; resource units, which reads and writes cost; requests to the audit log, which is a separate service. */
export type Limit = "writes" | "units" | "audits";

export const LIMITS: readonly Limit[] = ["writes", "units", "audits"];

export interface Quota {
  readonly amount: number;
  readonly windowMs: number;
}

/** The quotas of one tenant; resource units depend on its number of users. */
export interface Quotas {
  readonly writes: Quota;
  readonly audits: Quota;
  /** Largest first; the last one applies to any tenant. */
  readonly units: readonly (Quota & { readonly fromUsers: number })[];
}

export const QUOTAS: Quotas = {
  writes: { amount: 3_000, windowMs: 150_000 },
  // https://learn.microsoft.com/graph/throttling-limits#identity-and-access-reports-service-limits
  audits: { amount: 5, windowMs: 10_000 },
  units: [
    { fromUsers: 501, amount: 8_000, windowMs: 10_000 },
    { fromUsers: 50, amount: 5_000, windowMs: 10_000 },
    { fromUsers: 0, amount: 3_500, windowMs: 10_000 },
  ],
};

/** A request's cost in each limit. */
export type Cost = Readonly<Record<Limit, number>>;

export const FREE: Cost = { writes: 0, units: 0, audits: 0 };

export function costOfAll(costs: readonly Cost[]): Cost {
  return costs.reduce(
    (sum, { writes, units, audits }) => ({
      writes: sum.writes + writes,
      units: sum.units + units,
      audits: sum.audits + audits,
    }),
    FREE,
  );
}

/** The share of the quota that is used by default: other programs may run as the same app. */
export const DEFAULT_PACE = 0.8;
