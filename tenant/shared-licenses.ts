import type { DiscoveredUser } from "../licensing/discovery/tenant-today";
import type { Assignment, License } from "../licensing/model";

/**
 * Licences that are the same are one object: 100,000 users have some hundred thousand assignments and a few dozen different ones,
 * and every id in them is a text of its own as it comes from Graph.
 */
export class SharedLicenses {
  readonly #assignments = new Map<string, Assignment>();
  readonly #licenses = new Map<string, License>();

  in(user: DiscoveredUser): DiscoveredUser {
    return {
      ...user,
      // Without the time at which it last changed, which is nearly everybody's own and which discovery does not ask for.
      assignments: user.assignments.map(({ assignedByGroup, state, error, skuId, disabledPlans }) =>
        shared(this.#assignments, [assignedByGroup, state, error, skuId, ...disabledPlans].join(" "), {
          assignedByGroup,
          state,
          error,
          skuId,
          disabledPlans,
        }),
      ),
      assignedLicenses: user.assignedLicenses.map((license) =>
        shared(this.#licenses, [license.skuId, ...license.disabledPlans].join(" "), license),
      ),
    };
  }
}

function shared<T>(known: Map<string, T>, key: string, value: T): T {
  const same = known.get(key);
  if (same !== undefined) return same;
  known.set(key, value);
  return value;
}
