import type { Guid, LicensedGroup, License } from "../model";
import type { AttributeRule } from "./attributes";
import type { Fit } from "./fit";
import type { PeopleKind } from "./people-kinds";

/** The source of a proposed group's members. */
export type MembersFrom =
  /** A group that gives the licence today. */
  | { readonly kind: "licensed"; readonly group: LicensedGroup }
  /** A group with exactly the intended users as members. */
  | { readonly kind: "existing"; readonly group: LicensedGroup }
  /** A new dynamic group. */
  | { readonly kind: "rule"; readonly rule: AttributeRule }
  /** A new group that the holders join. */
  | { readonly kind: "direct-holders" };

/** A group or rule that nearly matches, shown as a comment for an administrator to judge. */
export interface Alternative {
  readonly from: Extract<MembersFrom, { kind: "existing" | "rule" }>;
  readonly fit: Fit;
  /** New seats that it would take; empty: none. */
  readonly seats: readonly SeatCost[];
  /** Why an exactly matching group is not used; `null`: it does not match exactly. */
  readonly otherwise: "gives-another-sku" | "gives-this-sku-otherwise" | "not-security-enabled" | "fits-others" | null;
}

/** Members without the SKU, and the seats left for them. */
export interface SeatCost {
  readonly skuId: Guid;
  readonly more: number;
  readonly left: number;
}

/** Users that would get plans disabled in their own licences of these SKUs. */
export interface Gain {
  readonly planIds: readonly Guid[];
  readonly userIds: readonly Guid[];
  /** True if more than one or two apps, or an excluded plan. */
  readonly isLarge: boolean;
  /** True if, by Microsoft's list, a plan excludes one that a user has enabled. */
  readonly isExcluded: boolean;
}

/**
 * One group of the stack file. It takes nothing from users, and gives at most the apps in `gains` beyond today's
 * licences.
 */
export interface Proposal {
  /** The logical name. */
  readonly name: string;
  /** For a new group. */
  readonly displayName: string;
  readonly from: MembersFrom;
  readonly licenses: readonly License[];
  /**
   * Direct holders that will inherit the licences; for direct-holder groups the joining users, for rules the users
   * that match.
   */
  readonly holders: readonly Guid[];
  readonly alternatives: readonly Alternative[];
  readonly gains: readonly Gain[];
  /** Users that a direct-holder group leaves out, because it would give too much or not all of their plans. */
  readonly except: readonly Guid[];
  /** Number of holders to review first, by kind. */
  readonly kinds: Readonly<Partial<Record<PeopleKind, number>>>;
}

/** A licence that stays direct: it has few users, and no proposed group would take them unchanged. */
export interface LeftDirect {
  readonly license: License;
  readonly userIds: readonly Guid[];
}
