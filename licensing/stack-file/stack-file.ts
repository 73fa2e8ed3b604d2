import type { LicenseSpec } from "../catalog/catalog";

/**
 * The stack file: the public contract. Keys and words are fixed; every default is the safe one.
 * Durations are milliseconds here and words such as "24 hours" in the file.
 */
export interface StackFile {
  /** Tenant id or verified domain. */
  readonly tenant: string;
  readonly cloud: Cloud;
  readonly groups: readonly GroupSpec[];
  readonly waves: readonly WaveSpec[];
  /** The last wave that `up` may apply; `null`: groups and verification only. */
  readonly applyThrough: string | null;
  readonly acceptLoss: readonly AcceptedLoss[];
  /** SKUs whose grace period counts as good standing: skuPartNumber, skuId or product name. */
  readonly acceptGrace: readonly string[];
  /** Users may be moved whose direct licence nothing could put back. */
  readonly acceptNoWayBack: boolean;
  /** How many moved users may leave a group before a person has to look. */
  readonly departures: DepartureLimit;
  /** User principal names or ids of users whom the last wave alone may take. */
  readonly moveLast: readonly string[];
  /** User principal names or ids of users who get nothing back any more: what is owed to them is given up. */
  readonly writtenOff: readonly string[];
  readonly timeouts: Timeouts;
  /** The share of Graph's quota that may be used, between 0 and 1; `null`: the usual one. */
  readonly pace: number | null;
  /** Whether members in error are reprocessed. */
  readonly reprocess: boolean;
  /** Whether diagnostics and refusals may name people beside their ids: what a run says ends up in CI logs. */
  readonly showNames: boolean;
}

export type Cloud = (typeof CLOUD_NAMES)[number] | { readonly graph: string; readonly authority: string };

export type GroupSpec = ExistingGroupSpec | CreatedGroupSpec;

interface LicensingGroupSpec {
  /** The logical name, kept for life: Pulumi knows the resources by it. */
  readonly name: string;
  readonly licenses: readonly LicenseSpec[];
  /** SKUs that are to be taken off the group, whoever put them there; absent: none. */
  readonly removeLicenses?: readonly string[];
}

export interface ExistingGroupSpec extends LicensingGroupSpec {
  /** Display name or object id of a group that exists. */
  readonly existing: string;
}

/** A group that this stack makes, and that is gone with it. */
export interface CreatedGroupSpec extends LicensingGroupSpec {
  readonly create: GroupCreation;
}

export interface GroupCreation {
  readonly displayName: string;
  readonly description: string | null;
  /** User principal names or ids; empty: whoever runs the stack. */
  readonly owners: readonly string[];
  readonly members: MembersSpec;
}

export type MembersSpec =
  /** Everybody who holds directly what the group gives, but for these: user principal names or ids. */
  | { readonly kind: "direct-holders"; readonly except?: readonly string[] }
  /** User principal names or ids. */
  | { readonly kind: "users"; readonly users: readonly string[] }
  /** Entra keeps the members, by a rule on properties of users. */
  | { readonly kind: "rule"; readonly rule: string }
  /** Somebody else adds them. */
  | { readonly kind: "none" };

export interface WaveSpec {
  readonly name: string;
  readonly takes: WaveSelector;
  /** How long the next wave waits after this one is done. */
  readonly soakMs: number;
  /** The wave is refused when more users than this are blocked; `null`: blocked users are skipped and listed. */
  readonly maxBlocked: number | null;
  /** The share of the users thought movable that the wave has to move before it counts as done, from 0 to 1. */
  readonly minMoved: number;
  /**
   * Puts back the direct licences that the wave's users had, instead of removing any. `true`: to those who are still members of their
   * groups; `all`: to every user on record whose account is not disabled.
   */
  readonly rollback: boolean | "all";
}

/** A service that somebody may lose by a change of a group's licence: the one scoped word that takes responsibility. */
export interface AcceptedLoss {
  /** The logical name of the group. */
  readonly group: string;
  readonly sku: string;
  readonly plan: string;
}

export type WaveSelector =
  | { readonly kind: "users"; readonly users: readonly string[] }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "percent"; readonly percent: number };

export interface Timeouts {
  /** How long the gate waits for Entra to process the groups. */
  readonly processingMs: number;
  /** How long the gate waits, after that, for members whose licence is on its way; and a wave for a group that is processed again. */
  readonly inheritanceMs: number;
  /** How long a plan may be missing after a removal before the direct licence is put back. */
  readonly settleMs: number;
  /** How long a direct licence is put back again and again while Graph or the sign-in is out of order, before it is left as a debt. */
  readonly putBackMs: number;
}

/** One thing that is wrong in the stack file: where, and what to write instead. */
export interface StackFileMistake {
  readonly path: string;
  readonly message: string;
}

export const CLOUD_NAMES = ["global", "usgov", "usgov-dod", "china"] as const;

/** How many users may leave a group before a person has to look. */
export interface DepartureLimit {
  /** Of the group's moved users, between 0 and 1. */
  readonly share: number;
  /** Departures that were seen up to this day are accepted, such as `2026-11-29`; `null`: none are. */
  readonly acknowledged: string | null;
}

export const USUAL_DEPARTURES: DepartureLimit = { share: 0.05, acknowledged: null };
