import type { Catalog } from "../catalog/catalog";
import type { Guid, LicensedGroup, LicensedUser } from "../model";

/** What a rule of a dynamic group goes by here. Graph filters by each of them, so a rule can be counted before it exists. */
export const ATTRIBUTES = ["department", "companyName", "country"] as const;

export type Attribute = (typeof ATTRIBUTES)[number];

/** A licensed user with the attributes that a rule of a dynamic group could go by. */
export interface DiscoveredUser extends LicensedUser, Readonly<Record<Attribute, string | null>> {
  /** `Member`, `Guest`; `null`: Graph does not say. */
  readonly userType: string | null;
}

/** Who has which licences, and the groups that give them. */
export interface LicensedToday {
  readonly catalog: Catalog;
  /** Everybody who holds a SKU in any way. */
  readonly users: ReadonlyMap<Guid, DiscoveredUser>;
  /** The groups that give somebody a licence. */
  readonly groups: ReadonlyMap<Guid, LicensedGroup>;
}

/** What discovery has read of a tenant: of groups only those that may fit. */
export interface TenantToday extends LicensedToday {
  /** First-level users of the groups that may fit, which are in `groups` too; users without a licence are among them. */
  readonly members: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** How many users of the tenant a rule takes, licensed or not, by `ruleKey`; absent: not asked for. */
  readonly taken: ReadonlyMap<string, number>;
}
