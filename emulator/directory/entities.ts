/** What a tenant consists of, as the embedded Graph keeps it. Every id is a GUID in lower case. */

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
  capabilityStatus: string;
  seats: { enabled: number; warning: number; suspended: number; lockedOut: number };
  /** In use by users of whom nothing else is known. */
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
  /** Another spelling of the same, which Graph uses as well. */
  | "Others";

export type AssignmentState = "Active" | "ActiveWithError" | "Error" | "Disabled";

/** One entry of `licenseAssignmentStates`. Entries are replaced, never changed, so that older versions can be kept. */
export interface Assignment extends License {
  /** `null`: assigned directly. */
  readonly assignedByGroup: Guid | null;
  readonly state: AssignmentState;
  readonly error: ViolationCause | "None";
  readonly updatedMs: number;
}

/** A user's licences at one moment. */
export interface Holdings {
  readonly assignments: readonly Assignment[];
  /** In `assignedLicenses`, but without an entry in `licenseAssignmentStates`. */
  readonly hidden: readonly License[];
}

export interface User {
  readonly id: Guid;
  userPrincipalName: string;
  displayName: string;
  accountEnabled: boolean;
  usageLocation: string | null;
  /** Properties that mean nothing to licensing: department, companyName, country … */
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
  /** How far the rule is; `null` for members that the tenant file tells. */
  ruleStatus: "NotStarted" | "Running" | "Succeeded" | null;
  readonly owners: Set<Guid>;
  readonly onPremisesSyncEnabled: boolean;
  isManagementRestricted: boolean;
  readonly visibility: "Public" | "Private" | "HiddenMembership" | null;
  readonly createdMs: number;
  licenses: readonly License[];
  processingState: ProcessingState | null;
  /** First-level users and groups, in the order in which they came. */
  readonly userMembers: Set<Guid>;
  readonly groupMembers: Set<Guid>;
  /** What Privileged Identity Management knows of it, by user: memberships and ownerships with an end. */
  readonly timeBound: Map<Guid, TimeBoundMembership>;
}

/** An active assignment of Privileged Identity Management for groups. */
export interface TimeBoundMembership {
  readonly accessId: "member" | "owner";
  readonly fromMs: number;
  /** `null`: it has no end. */
  readonly untilMs: number | null;
  /** An eligible user has activated it; otherwise an administrator has assigned it. */
  readonly isActivated: boolean;
}

/** A group in the recycle bin. */
export interface DeletedGroup {
  readonly group: Group;
  readonly atMs: number;
}

/** Another issuer whose tokens, for this subject and audience, are as good as a secret of the app. */
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
  /** Microsoft Entra ID P2 or ID Governance, which Privileged Identity Management needs. */
  readonly hasGovernance: boolean;
  /** The word for a SKU that another one of its group keeps back. */
  readonly siblingError: "Other" | "Others";
  /** Each plan with the plans of which it needs one. */
  readonly dependencies: ReadonlyMap<Guid, readonly (readonly Guid[])[]>;
  /** Those of them that a group has to meet by itself. */
  readonly groupDependencies: ReadonlyMap<Guid, readonly (readonly Guid[])[]>;
  readonly exclusivePairs: readonly (readonly [Guid, Guid])[];
  /** See `seenToFail` of a tenant's file. */
  readonly seenToFail: readonly {
    readonly kind: "exclusive" | "dependency";
    readonly plans: readonly Guid[];
    readonly beside: readonly Guid[];
  }[];
}

/** Who brought something about. Background work bears the cause of what triggered it. */
export interface Cause {
  /** `people`: somebody outside the program, in the portal or with a script. Else the client id of the app. */
  readonly by: "people" | (string & {});
  readonly who: string;
  /** Somebody outside the program, but an app and no person: the audit log tells them apart. */
  readonly isApp?: boolean;
  readonly what: string;
  readonly inBackground: boolean;
}

/** In force: the user can use what the assignment enables. */
export const inForce = (assignment: Assignment): boolean =>
  assignment.state === "Active" || assignment.state === "ActiveWithError";

/** Of a subscription that has ended nothing can be used, whatever the assignments say. */
export const isServed = (sku: Sku | undefined): boolean =>
  sku !== undefined && !["Suspended", "LockedOut", "Deleted"].includes(sku.capabilityStatus);
