/** The embedded Graph's model of a tenant. Every id is a GUID in lower case. */

import type { KeyObject } from "node:crypto";

export type Guid = string;

export interface ServicePlan {
  readonly servicePlanId: Guid;
  readonly servicePlanName: string;
  readonly appliesTo: "User" | "Company";
}

export interface Sku {
  readonly skuId: Guid;
  readonly skuPartNumber: string;
  readonly appliesTo: "User" | "Company";
  readonly servicePlans: ServicePlan[];
  readonly prohibitedLocations: ReadonlySet<string>;
  readonly isTrial: boolean;
  capabilityStatus: string;
  seats: { enabled: number; warning: number; suspended: number; lockedOut: number };
  /** Seats used by users that are not in the tenant file. */
  readonly seatsElsewhere: number;
}

export interface License {
  readonly skuId: Guid;
  readonly disabledPlans: readonly Guid[];
}

export type ViolationCause =
  | "CountViolation"
  | "MutuallyExclusiveViolation"
  | "DependencyViolation"
  | "ProhibitedInUsageLocationViolation"
  | "UniquenessViolation"
  | "Other"
  /** A second spelling of `Other` that Graph also uses. */
  | "Others";

export type AssignmentState = "Active" | "ActiveWithError" | "Error" | "Disabled";

/** One entry of `licenseAssignmentStates`. Entries are replaced, never changed, so that older versions can be kept. */
export interface Assignment extends License {
  /** The group's id; `null` for a direct assignment. */
  readonly assignedByGroup: Guid | null;
  readonly state: AssignmentState;
  readonly error: ViolationCause | "None";
  readonly updatedMs: number;
}

/** A user's licences at one point in time. */
export interface Holdings {
  readonly assignments: readonly Assignment[];
  /** Licences in `assignedLicenses` without an entry in `licenseAssignmentStates`. */
  readonly hidden: readonly License[];
}

export interface User {
  readonly id: Guid;
  userPrincipalName: string;
  displayName: string;
  accountEnabled: boolean;
  usageLocation: string | null;
  /** Properties without an effect on licences: department, companyName, country … */
  readonly profile: Readonly<Record<string, string | null | undefined>>;
  readonly createdMs: number;
  isManagementRestricted: boolean;
  holdings: Holdings;
}

export type ProcessingState = "QueuedForProcessing" | "ProcessingInProgress" | "ProcessingComplete";

export interface Group {
  readonly id: Guid;
  displayName: string;
  description: string | null;
  readonly securityEnabled: boolean;
  readonly mailEnabled: boolean;
  readonly mailNickname: string;
  readonly groupTypes: readonly string[];
  membershipRule: string | null;
  rulePaused: boolean;
  /** Evaluation of the membership rule; `null` if the members come from the tenant file. */
  ruleStatus: "NotStarted" | "Running" | "Succeeded" | null;
  readonly owners: Set<Guid>;
  readonly onPremisesSyncEnabled: boolean;
  isManagementRestricted: boolean;
  readonly visibility: "Public" | "Private" | "HiddenMembership" | null;
  readonly createdMs: number;
  /** Names of applications and directory roles that the group gives its members. */
  readonly appRoles: readonly string[];
  readonly directoryRoles: readonly string[];
  readonly isAssignableToRole: boolean;
  readonly isTeam: boolean;
  licenses: readonly License[];
  processingState: ProcessingState | null;
  /** Direct members in order of joining. */
  readonly userMembers: Set<Guid>;
  readonly groupMembers: Set<Guid>;
  /** Memberships and ownerships that Privileged Identity Management manages, by user. */
  readonly timeBound: Map<Guid, TimeBoundMembership>;
}

/** An active assignment of Privileged Identity Management for groups. */
export interface TimeBoundMembership {
  readonly accessId: "member" | "owner";
  readonly fromMs: number;
  /** `null` for a membership without an end. */
  readonly untilMs: number | null;
  /** True if an eligible user activated it, false if an administrator assigned it. */
  readonly isActivated: boolean;
}

/** A group in the recycle bin. */
export interface DeletedGroup {
  readonly group: Group;
  readonly atMs: number;
}

/** A token issuer that the app trusts: its tokens for this subject and audience replace the app's secret. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly key: KeyObject;
}

/** A registered application that may sign in. */
export interface App {
  readonly name: string;
  readonly clientId: Guid;
  readonly secret: string;
  readonly federated: readonly FederatedCredential[];
  readonly permissions: readonly string[];
}

export interface TenantFacts {
  readonly id: Guid;
  readonly displayName: string;
  readonly countryLetterCode: string;
  readonly verifiedDomains: readonly string[];
  /** Whether the tenant has Microsoft Entra ID P2 or ID Governance, which Privileged Identity Management requires. */
  readonly hasGovernance: boolean;
  /** The error code of a SKU that is held back by another SKU of its group. */
  readonly siblingError: "Other" | "Others";
  /** By plan: lists of prerequisites. The plan needs one plan of each list. */
  readonly dependencies: ReadonlyMap<Guid, readonly (readonly Guid[])[]>;
  /** The dependencies that a group's own licences must satisfy. */
  readonly groupDependencies: ReadonlyMap<Guid, readonly (readonly Guid[])[]>;
  readonly exclusivePairs: readonly (readonly [Guid, Guid])[];
  /** See `seenToFail` in the tenant file. */
  readonly seenToFail: readonly {
    readonly kind: "exclusive" | "dependency";
    readonly plans: readonly Guid[];
    readonly beside: readonly Guid[];
  }[];
}

/** The originator of a change. Background work keeps the cause of the change that triggered it. */
export interface Cause {
  /** `people` for changes from outside the program, in the portal or by script; otherwise the app's client id. */
  readonly by: "people" | (string & {});
  readonly who: string;
  /** True for an app outside the program: the audit log distinguishes apps and persons. */
  readonly isApp?: boolean;
  readonly what: string;
  readonly inBackground: boolean;
}

/** True if the user can use the plans that the assignment enables. */
export const inForce = (assignment: Assignment): boolean =>
  assignment.state === "Active" || assignment.state === "ActiveWithError";

/** False for a subscription that has ended: its plans are unusable although the assignments remain. */
export const isServed = (sku: Sku | undefined): boolean =>
  sku !== undefined && !["Suspended", "LockedOut", "Deleted"].includes(sku.capabilityStatus);
