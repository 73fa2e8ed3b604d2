/**
 * The tenant as this project models it: users, SKUs, groups and the licence assignments between them. Ids are
 * lower-case GUIDs, because Graph compares them without case. Lists have no guaranteed order.
 */

/** A GUID in lower case. */
export type Guid = string;

/** A GUID inside a longer text, as the source of a regular expression. */
export const GUID_PATTERN = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

const WHOLE_GUID = new RegExp(`^${GUID_PATTERN}$`, "i");

/** True for a GUID and nothing else, in either case. */
export function isGuid(text: string): boolean {
  return WHOLE_GUID.test(text);
}

/** All GUIDs in a text, in lower case and in their order. */
export function guidsIn(text: string): readonly Guid[] {
  return text.toLowerCase().match(new RegExp(GUID_PATTERN, "g")) ?? [];
}

/** A service plan of a SKU. Plans that apply to the `Company` cannot be lost by a user. */
export interface ServicePlan {
  readonly id: Guid;
  readonly name: string;
  readonly appliesTo: "User" | "Company";
}

/** A product that the tenant has bought, from `/subscribedSkus`. Seats are counted in users. */
export interface Sku {
  readonly id: Guid;
  readonly partNumber: string;
  readonly appliesTo: "User" | "Company";
  readonly capabilityStatus: string;
  readonly consumedUnits: number;
  readonly prepaidUnits: {
    readonly enabled: number;
    readonly warning: number;
    readonly suspended: number;
    readonly lockedOut: number;
  };
  readonly servicePlans: readonly ServicePlan[];
}

/** A SKU with its disabled plans; every other plan of the SKU is enabled. */
export interface License {
  readonly skuId: Guid;
  readonly disabledPlans: readonly Guid[];
}

/** Why Entra could not apply a group's licence to a member (`licenseAssignmentStates[].error`). */
export type LicenseErrorCause =
  | "CountViolation"
  | "MutuallyExclusiveViolation"
  | "DependencyViolation"
  | "ProhibitedInUsageLocationViolation"
  | "UniquenessViolation"
  | "Other";

/**
 * One entry of `licenseAssignmentStates`, the only source that says where a licence comes from.
 * `assignedByGroup: null` means direct. `state` also keeps values that Graph may add later; unknown values are
 * never safe.
 */
export interface Assignment extends License {
  readonly assignedByGroup: Guid | null;
  readonly state: "Active" | "ActiveWithError" | "Error" | "Disabled" | (string & {});
  /** `null` when Graph says null, "" or "None". */
  readonly error: LicenseErrorCause | (string & {}) | null;
  /**
   * When the entry last changed, in milliseconds since 1970, if Graph says so. For reports only, never for a proof.
   */
  readonly changedAtMs?: number;
}

/** True for a licence that is assigned to the user, in any state. */
export function isDirect({ assignedByGroup }: Pick<Assignment, "assignedByGroup">): boolean {
  return assignedByGroup === null;
}

/** True for a licence that comes from a group, in any state. */
export function isFromGroup<T extends Pick<Assignment, "assignedByGroup">>(
  entry: T,
): entry is T & { readonly assignedByGroup: Guid } {
  return entry.assignedByGroup !== null;
}

/** A user as returned by a single read. */
export interface LicensedUser {
  readonly id: Guid;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly accountEnabled: boolean | null;
  readonly usageLocation: string | null;
  /** Direct and inherited merged: shows which SKUs the user has, not where they come from. */
  readonly assignedLicenses: readonly License[];
  readonly assignments: readonly Assignment[];
  /**
   * True inside a restricted management administrative unit: an application needs a role there to write to the
   * user.
   */
  readonly isManagementRestricted?: true;
}

/** `licenseProcessingState.state`; `null` for a group that never had a licence. */
export type ProcessingState =
  "QueuedForProcessing" | "ProcessingInProgress" | "ProcessingComplete" | (string & {}) | null;

/** A group as returned by a single read, without its members. */
export interface LicensedGroup {
  readonly id: Guid;
  readonly displayName: string;
  readonly securityEnabled: boolean;
  readonly mailEnabled: boolean;
  readonly membershipRule: string | null;
  readonly onPremisesSyncEnabled: boolean;
  /** See `LicensedUser`. */
  readonly isManagementRestricted?: true;
  /** True if `visibility` is `HiddenMembership`: reading the members then needs `Member.Read.Hidden`. */
  readonly hasHiddenMembership?: true;
  readonly licenses: readonly License[];
  readonly processingState: ProcessingState;
}

/** A group inside a licensing group. Its users inherit nothing from the outer group. */
export interface NestedGroup {
  readonly id: Guid;
  readonly displayName: string;
  /** User members at any depth. */
  readonly userIds: readonly Guid[];
}

/** An audit log record: a user was removed from a group. */
export interface TakenOut {
  readonly userId: Guid;
  readonly groupId: Guid;
  /** ISO 8601. */
  readonly at: string;
  readonly actor: string;
}

export interface Removal {
  readonly userId: Guid;
  readonly skuId: Guid;
}
