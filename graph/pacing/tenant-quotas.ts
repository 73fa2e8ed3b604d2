import type { Limit, Quota, Quotas } from "./quotas";

/**
 * The quotas of one tenant. Resource units grow with the number of users, which is learnt from the users that are read:
 * a run starts with the smallest quota, and knows the tenant's own before it can use that up.
 */
export class TenantQuotas {
  private readonly users = new Set<string>();

  constructor(private readonly quotas: Quotas) {}

  /** @throws Error if the quotas have no resource units */
  of(limit: Limit): Quota {
    if (limit !== "units") return this.quotas[limit];
    const { units } = this.quotas;
    const found = units.find(({ fromUsers }) => this.users.size >= fromUsers) ?? units.at(-1);
    if (found === undefined) throw new Error("There is no quota of resource units.");
    return found;
  }

  sawUsers(ids: Iterable<string>): void {
    const enough = this.quotas.units[0]?.fromUsers ?? 0;
    for (const id of ids) {
      if (this.users.size >= enough) return;
      this.users.add(id);
    }
  }
}
