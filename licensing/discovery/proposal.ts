import type { Guid, LicensedGroup, License } from "../model";
import type { AttributeRule } from "./attributes";
import type { Fit } from "./fit";
import type { PeopleKind } from "./people-kinds";

/** Where the members of a proposed licensing group come from. */
export type MembersFrom =
  /** A group that gives the licence today. */
  | { readonly kind: "licensed"; readonly group: LicensedGroup }
  /** A group whose members are exactly those who shall have it. */
  | { readonly kind: "existing"; readonly group: LicensedGroup }
  /** A new dynamic group. */
  | { readonly kind: "rule"; readonly rule: AttributeRule }
  /** A new group, which the holders join. */
  | { readonly kind: "direct-holders" };

/** A group or rule that nearly fits, for a person to judge; nothing in the file uses it. */
export interface Alternative {
  readonly from: Extract<MembersFrom, { kind: "existing" | "rule" }>;
  readonly fit: Fit;
  /** What it would take of the tenant's seats; empty: none. */
  readonly seats: readonly SeatCost[];
  /** Why a group that fits exactly is not used; `null`: it does not fit exactly. */
  readonly otherwise: "gives-another-sku" | "gives-this-sku-otherwise" | "not-security-enabled" | "fits-others" | null;
}

/** Members who do not hold the SKU in any way, and the seats there are for them. */
export interface SeatCost {
  readonly skuId: Guid;
  readonly more: number;
  readonly left: number;
}

/** Users who get plans that are off in what they hold of the group's SKUs. */
export interface Gain {
  readonly planIds: readonly Guid[];
  readonly userIds: readonly Guid[];
  /** More than an app or two, or excluded. */
  readonly isLarge: boolean;
  /** A plan among them excludes one that a user has on, by Microsoft's list. */
  readonly isExcluded: boolean;
}

/** One group of the stack file. As it stands it takes nothing from anybody, and gives nobody more than an app or two, which `gains` says. */
export interface Proposal {
  /** The logical name. */
  readonly name: string;
  /** Of a group that is made. */
  readonly displayName: string;
  readonly from: MembersFrom;
  readonly licenses: readonly License[];
  /** Who holds the licences directly and inherits them then; of a group of direct holders, all who join it; of a rule, all whom it takes. */
  readonly holders: readonly Guid[];
  readonly alternatives: readonly Alternative[];
  readonly gains: readonly Gain[];
  /** Users that a group of direct holders does not take: it would give them too much, or not all that they have. */
  readonly except: readonly Guid[];
  /** How many of the holders a person should look at first. */
  readonly kinds: Readonly<Partial<Record<PeopleKind, number>>>;
}

/** A licence that is left direct, because few users hold it: no group is proposed for them, and none would take them as it is. */
export interface LeftDirect {
  readonly license: License;
  readonly userIds: readonly Guid[];
}
