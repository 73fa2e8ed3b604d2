import { isFromGroup, type Assignment, type License, type LicensedUser } from "../licensing/model";

/**
 * Shares equal licences as one object, to save memory: 100,000 users have some hundred thousand assignments but a few
 * dozen different ones, and Graph's answers repeat every id as a new string.
 */
export class SharedLicenses {
  readonly #assignments = new Map<string, Assignment>();
  readonly #licenses = new Map<string, License>();

  /**
   * @param times the assignments that keep their time of change, which differs for nearly every user: drift needs it
   *   for direct ones, and nothing needs it for inherited ones
   */
  constructor(private readonly times: "direct" | "none") {}

  in<User extends LicensedUser>(user: User): User {
    return {
      ...user,
      assignments: user.assignments.map((entry) => this.#assignment(entry)),
      assignedLicenses: user.assignedLicenses.map((license) => shared(this.#licenses, keyOf(license), () => license)),
    };
  }

  #assignment(entry: Assignment): Assignment {
    const { assignedByGroup, state, error, changedAtMs } = entry;
    const key = `${assignedByGroup} ${state} ${error} ${keyOf(entry)}`;
    const same = shared(this.#assignments, key, () => withoutTime(entry));
    return this.times === "none" || isFromGroup(entry) || changedAtMs === undefined ? same : { ...same, changedAtMs };
  }
}

function withoutTime({ changedAtMs: _, ...entry }: Assignment): Assignment {
  return entry;
}

function keyOf({ skuId, disabledPlans }: License): string {
  return disabledPlans.length === 0 ? skuId : `${skuId} ${disabledPlans.join(" ")}`;
}

function shared<T>(known: Map<string, T>, key: string, make: () => T): T {
  const same = known.get(key);
  if (same !== undefined) return same;
  const value = make();
  known.set(key, value);
  return value;
}
