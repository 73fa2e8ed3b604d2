import type { Guid, LicensedGroup, License } from "../model";
import type { AttributeRule } from "./attributes";
import type { Fit } from "./fit";

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
  /** Why a group that fits exactly is not used; `null`: it does not fit exactly. */
  readonly otherwise: "gives-another-sku" | "gives-this-sku-otherwise" | "not-security-enabled" | null;
}

/** One group of the stack file. As it stands it takes nothing from anybody and gives nobody anything that they do not have. */
export interface Proposal {
  /** The logical name. */
  readonly name: string;
  /** Of a group that is made. */
  readonly displayName: string;
  readonly from: MembersFrom;
  readonly licenses: readonly License[];
  /** Who holds the licences directly and inherits them then. */
  readonly holders: readonly Guid[];
  readonly alternatives: readonly Alternative[];
  readonly lacksPrerequisite: boolean;
}
