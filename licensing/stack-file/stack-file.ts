import type { LicenseSpec } from "../catalog/catalog";

/**
 * The stack file, this project's public contract. Keys and values are fixed, and every default is the safe one.
 * Durations are in milliseconds here and in words such as "24 hours" in the file.
 */
export interface StackFile {
  /** Tenant id or verified domain. */
  readonly tenant: string;
  readonly cloud: Cloud;
  readonly groups: readonly GroupSpec[];
  readonly waves: readonly WaveSpec[];
  /** Groups whose members go to another group, in the waves. */
  readonly moves: readonly MoveSpec[];
  /** The last wave that `up` may apply; `null`: only groups and verification. */
  readonly applyThrough: string | null;
  readonly acceptLoss: readonly AcceptedLoss[];
  /** Plans that count as kept while their successor is there, beside those that Microsoft's pages name. */
  readonly successors: readonly AcceptedSuccessor[];
  /** SKUs that count as in force during their grace period: skuPartNumber, skuId or product name. */
  readonly acceptGrace: readonly string[];
  /**
   * Allows moving users even if their direct licence could not be assigned again: `true`, or only of these SKUs
   * (skuPartNumber, skuId or product name).
   */
  readonly acceptNoWayBack: boolean | readonly string[];
  /** Share of moved users that may leave a group before the next wave is refused. */
  readonly departures: DepartureLimit;
  /** User principal names or ids of users that only the last wave may take. */
  readonly moveLast: readonly string[];
  /** User principal names or ids. These users no longer get owed licences back. */
  readonly writtenOff: readonly string[];
  readonly timeouts: Timeouts;
  /** Share of Graph's quota that a run may use, from 0 to 1; `null`: the default. */
  readonly pace: number | null;
  /** Whether members in error are reprocessed. */
  readonly reprocess: boolean;
  /** Whether output may show names beside ids. Off by default, because output ends up in CI logs. */
  readonly showNames: boolean;
}

export type Cloud = (typeof CLOUD_NAMES)[number] | { readonly graph: string; readonly authority: string };

export type GroupSpec = ExistingGroupSpec | CreatedGroupSpec;

interface LicensingGroupSpec {
  /** The logical name. It is part of resource names, so it must not change. */
  readonly name: string;
  readonly licenses: readonly LicenseSpec[];
  /** SKUs to take off the group, including those that this stack did not put there. Default: none. */
  readonly removeLicenses?: readonly string[];
  /** SKUs to take off the group in the very call that adds the licences which their plans exclude. Default: none. */
  readonly swapInOneCall?: readonly string[];
}

export interface ExistingGroupSpec extends LicensingGroupSpec {
  /** Display name or object id of a group that exists. */
  readonly existing: string;
}

/** A group that this stack creates, and deletes when it is destroyed. */
export interface CreatedGroupSpec extends LicensingGroupSpec {
  readonly create: GroupCreation;
}

export interface GroupCreation {
  readonly displayName: string;
  readonly description: string | null;
  /** User principal names or ids. Default: the identity that runs the stack. */
  readonly owners: readonly string[];
  readonly members: MembersSpec;
}

export type MembersSpec =
  /** Adds users that directly hold all of the group's SKUs, except these user principal names or ids. */
  | { readonly kind: "direct-holders"; readonly except?: readonly string[] }
  /** User principal names or ids. */
  | { readonly kind: "users"; readonly users: readonly string[] }
  /** Entra maintains the members by a rule on user attributes. */
  | { readonly kind: "rule"; readonly rule: string }
  /** Members are managed outside this stack. */
  | { readonly kind: "none" };

export interface WaveSpec {
  readonly name: string;
  readonly takes: WaveSelector;
  /** How long the next wave waits after this one is done. */
  readonly soakMs: number;
  /** Refuses the wave if more users than this are blocked; `null`: blocked users are skipped and listed. */
  readonly maxBlocked: number | null;
  /** Share of the movable users that must be moved before the wave counts as done, from 0 to 1. */
  readonly minMoved: number;
  /**
   * Restores the direct licences of the wave's users instead of removing any. `true`: only for users still in their
   * groups; `all`: for every user on record unless the account is disabled.
   */
  readonly rollback: boolean | "all";
}

/** The members of one licensing group go to another, by logical names. */
export interface MoveSpec {
  readonly from: string;
  readonly to: string;
  /** Logical names of the two groups that may serve something besides licences. */
  readonly acceptOtherUses: readonly string[];
}

/** Accepts that a service plan stays only as another one. Plans by name or id. */
export interface AcceptedSuccessor {
  readonly plan: string;
  readonly by: string;
}

/** Accepts that members lose service plans of a SKU when a group's licence changes. */
export interface AcceptedLoss {
  /** The logical name of the group. */
  readonly group: string;
  readonly sku: string;
  readonly plans: readonly string[];
}

export type WaveSelector =
  /** `places` of the users in a file, for messages; absent: they stand in the stack file. */
  | { readonly kind: "users"; readonly users: readonly string[]; readonly places?: readonly string[] }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "percent"; readonly percent: number };

export interface Timeouts {
  /** How long the gate waits for Entra to process the groups. */
  readonly processingMs: number;
  /**
   * How long the gate then waits for members without the licence yet, and how long a wave waits for a group that is
   * processed again.
   */
  readonly inheritanceMs: number;
  /** How long a plan may be missing after a removal before the direct licence is put back. */
  readonly settleMs: number;
  /**
   * How long a put-back is retried while Graph or the sign-in fails. After that the licence is recorded as a debt.
   */
  readonly putBackMs: number;
}

/** A mistake in the stack file: its path, and what to write instead. */
export interface StackFileMistake {
  readonly path: string;
  readonly message: string;
}

export const CLOUD_NAMES = ["global", "usgov", "usgov-dod", "china"] as const;

/** Limit for users that leave a licensing group after they were moved. */
export interface DepartureLimit {
  /** Share of the group's moved users, from 0 to 1. */
  readonly share: number;
  /** Departures seen up to this day are accepted, such as `2026-11-29`; `null`: none. */
  readonly acknowledged: string | null;
}

export const USUAL_DEPARTURES: DepartureLimit = { share: 0.05, acknowledged: null };
