/**
 * The tenant as this project speaks of it: users, SKUs, groups and the licence assignments that join them.
 * Every id is a GUID in lower case (Graph compares them without case); every list may be in any order.
 */

/** A GUID in lower case. */
export type Guid = string;

/** A service plan of a SKU. A plan that applies to the `Company` is not a user's to lose. */
export interface ServicePlan {
  readonly id: Guid;
  readonly name: string;
  readonly appliesTo: "User" | "Company";
}

/** One product the tenant has bought, from `/subscribedSkus`. Seats are counted in users. */
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

/** A SKU with the service plans that are switched off in it; every other plan of the SKU is on. */
export interface License {
  readonly skuId: Guid;
  readonly disabledPlans: readonly Guid[];
}

/** Why Entra could not apply a group's licence to a member: `licenseAssignmentStates[].error`. */
export type LicenseErrorCause =
  | "CountViolation"
  | "MutuallyExclusiveViolation"
  | "DependencyViolation"
  | "ProhibitedInUsageLocationViolation"
  | "UniquenessViolation"
  | "Other";

/**
 * One entry of `licenseAssignmentStates`: the only truth about where a user's licence comes from.
 * `assignedByGroup: null` is a direct assignment. `state` keeps words that Graph may add later: unknown is never safe.
 */
export interface Assignment extends License {
  readonly assignedByGroup: Guid | null;
  readonly state: "Active" | "ActiveWithError" | "Error" | "Disabled" | (string & {});
  /** `null` when Graph says null, "" or "None". */
  readonly error: LicenseErrorCause | (string & {}) | null;
  /** When the entry last changed, in milliseconds since 1970, where Graph says so. Good for telling, never for proving. */
  readonly changedAtMs?: number;
}

/** A user as one read showed them. */
export interface LicensedUser {
  readonly id: Guid;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly accountEnabled: boolean | null;
  readonly usageLocation: string | null;
  /** Direct and inherited merged: shows that a SKU is held, never where it comes from. */
  readonly assignedLicenses: readonly License[];
  readonly assignments: readonly Assignment[];
  /** In a restricted management administrative unit: no application may write to it without a role there. */
  readonly isManagementRestricted?: true;
}

/** `licenseProcessingState.state`; `null` for a group that never had a licence. */
export type ProcessingState =
  "QueuedForProcessing" | "ProcessingInProgress" | "ProcessingComplete" | (string & {}) | null;

/** A group as one read showed it, without its members. */
export interface LicensedGroup {
  readonly id: Guid;
  readonly displayName: string;
  readonly securityEnabled: boolean;
  readonly mailEnabled: boolean;
  readonly membershipRule: string | null;
  readonly onPremisesSyncEnabled: boolean;
  /** See `LicensedUser`. */
  readonly isManagementRestricted?: true;
  /** `visibility` is `HiddenMembership`: its members show only with `Member.Read.Hidden`. */
  readonly hasHiddenMembership?: true;
  readonly licenses: readonly License[];
  readonly processingState: ProcessingState;
}

/** A group inside a licensing group. Its users inherit nothing from the outer group. */
export interface NestedGroup {
  readonly id: Guid;
  readonly displayName: string;
  /** Its users, at any depth. */
  readonly userIds: readonly Guid[];
}

/** A record of the audit log about a user who was taken out of a group. */
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
