import type { Catalog } from "../catalog/catalog";
import type { Guid, LicensedGroup, LicensedUser } from "../model";

/**
 * Attributes used in proposed membership rules. Graph can filter by each, so matching users can be counted
 * beforehand.
 */
export const ATTRIBUTES = ["department", "companyName", "country"] as const;

export type Attribute = (typeof ATTRIBUTES)[number];

/** A licensed user with these attributes. */
export interface DiscoveredUser extends LicensedUser, Readonly<Record<Attribute, string | null>> {
  /** `Member` or `Guest`; `null`: unknown. */
  readonly userType: string | null;
}

/** Licensed users and the groups that give them licences. */
export interface LicensedToday {
  readonly catalog: Catalog;
  /** All users with a SKU, direct or inherited. */
  readonly users: ReadonlyMap<Guid, DiscoveredUser>;
  /** Groups that give licences to users. */
  readonly groups: ReadonlyMap<Guid, LicensedGroup>;
}

/** What discovery reads of a tenant. Only groups that may match are read. */
export interface TenantToday extends LicensedToday {
  /**
   * First-level users of possibly matching groups, including users without a licence. The groups are in `groups`
   * too.
   */
  readonly members: ReadonlyMap<Guid, ReadonlySet<Guid>>;
  /** Number of all users that a rule takes, by `ruleKey`; absent: not counted. */
  readonly taken: ReadonlyMap<string, number>;
}
